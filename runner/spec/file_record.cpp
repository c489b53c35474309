#include "runner/spec/file_record.hpp"

#include <fmt/format.h>

#include <sstream>
#include <system_error>

#include "common/hash.hpp"
#include "common/resources.hpp"

namespace joust::spec {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBetween = "  ";

std::string line_of(const fs::path& folder, const std::string& path) {
  std::error_code error;
  const fs::path file = folder / path;
  if (!fs::is_regular_file(file, error)) return {};
  try {
    return fmt::format("xxh3:{}{}{}\n", hash_of_file(file), kBetween, path);
  } catch (const std::system_error&) {
    return {};  // not ours to read, and so nothing that a world can depend on
  }
}

template <class Visitor>
void for_each_line(std::string_view record, Visitor visit) {
  std::istringstream lines{std::string(record)};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find(kBetween);
    if (at != std::string::npos) visit(line, line.substr(at + kBetween.size()));
  }
}

}  // namespace

std::string hash_of_file(const fs::path& file) {
  const MappedFile mapped(file.string());
  const auto bytes = mapped.bytes();
  return hash_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string record_of(const fs::path& folder, const std::vector<std::string>& paths) {
  std::string record;
  for (const std::string& path : paths) record += line_of(folder, path);
  return record;
}

std::vector<std::string> paths_in(std::string_view record) {
  std::vector<std::string> paths;
  for_each_line(record,
                [&](const std::string&, std::string path) { paths.push_back(std::move(path)); });
  return paths;
}

std::vector<std::string> changed_since(std::string_view record, const fs::path& folder) {
  std::vector<std::string> changed;
  for_each_line(record, [&](const std::string& line, const std::string& path) {
    if (line_of(folder, path) != line + '\n') changed.push_back((folder / path).string());
  });
  return changed;
}

}  // namespace joust::spec
