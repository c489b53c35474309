#include "runner/journal/own_files.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kFiles = {
    "spec.toml", "status.json", "events.jsonl", "standings.csv", "pairwise.csv", "failures.csv"};
constexpr std::array<std::string_view, 3> kFolders = {"inputs", "attempts", "blobs"};

template <class Names>
bool holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool is_own_file(const fs::path& path) {
  std::error_code none;
  const fs::path real = fs::weakly_canonical(fs::absolute(path), none);
  for (fs::path folder = real.parent_path();; folder = folder.parent_path()) {
    if (fs::exists(folder / "run.db", none)) {
      const std::string top = real.lexically_relative(folder).begin()->string();
      if (top.starts_with("run.db") || holds(kFiles, top)) return true;
      const bool in_own_folder = holds(kFolders, top) || top.ends_with("-stage-0001");
      if (in_own_folder && fs::exists(real, none)) return true;
    }
    if (folder == folder.root_path() || folder.empty()) return false;
  }
}

}  // namespace joust::journal
