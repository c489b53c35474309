#include "runner/cli/trace_folder.hpp"

#include <fmt/format.h>

#include "runner/cli/world_record.hpp"
#include "runner/journal/own_files.hpp"
#include "runner/scoring/file_set.hpp"

namespace joust::cli {

namespace fs = std::filesystem;

namespace {

// Or would be, when it is made.
bool is_of_a_run(const fs::path& folder) {
  if (folder.empty()) return false;
  return journal::is_own_file(folder) || journal::is_own_file(fs::absolute(folder).parent_path());
}

}  // namespace

void prepare_trace_folder(const fs::path& folder) {
  std::error_code none;
  const bool is_there = fs::exists(fs::symlink_status(folder, none));
  if (is_there && !fs::is_directory(folder, none)) {
    throw BadRequest(
        fmt::format("'{}' is no folder: give a new or an empty one with --trace", folder.string()));
  }
  if (is_there && !fs::is_empty(folder, none)) {
    throw BadRequest(fmt::format(
        "'{}' is not empty: nothing was played or written; give a new or an empty folder with "
        "--trace",
        folder.string()));
  }
  if (is_of_a_run(folder)) {
    throw BadRequest(
        fmt::format("'{}' is where a run keeps its own files: give another folder with --trace",
                    folder.string()));
  }
  scoring::make_folder(folder);
}

void write_trace(const fs::path& folder, const CollectedTrace& trace) {
  scoring::FileSet files(folder);
  for (const auto& [name, text] : trace.tables) files.add(name).write(text);
  files.commit(scoring::Sync::none);
}

}  // namespace joust::cli
