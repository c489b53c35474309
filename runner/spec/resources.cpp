#include "runner/spec/resources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <system_error>

#include "common/whole_file.hpp"
#include "runner/spec/file_record.hpp"

namespace joust::spec {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRecord = "resources";  // beside the spec in a run directory
constexpr std::size_t kLongestName = 64;

// A line of the record: "<hash> <name> <path>".
struct Recorded {
  std::string hash;
  ResourceFile file;
};

std::vector<Recorded> read_record(const fs::path& inputs) {
  std::istringstream lines(read_whole_file(inputs / kRecord).value_or(""));
  std::vector<Recorded> recorded;
  for (Recorded one; lines >> one.hash >> one.file.name && lines.get() == ' ' &&
                     std::getline(lines, one.file.path);) {
    recorded.push_back(one);
  }
  return recorded;
}

bool is_resource_name(std::string_view name) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), is_allowed);
}

std::string text_at(const Section& section, const char* key, const char* what) {
  const Entry* entry = section.find(key);
  if (entry == nullptr) {
    section.fail(section.value_at(key),
                 fmt::format("{} needs a '{}': {}", section.title(), key, what));
  }
  const auto* text = std::get_if<std::string>(&entry->value.value);
  if (text == nullptr || text->empty() ||
      text->find_first_of(std::string_view("\0\n", 2)) != std::string::npos) {
    section.fail_value(*entry, "a text in quotes");
  }
  return *text;
}

Recorded load_one(const Section& section, const InputFiles& files) {
  section.reject_unknown({"name", "path"});
  Recorded one;
  one.file.name = text_at(section, "name", "what worlds ask for");
  if (!is_resource_name(one.file.name)) {
    section.fail(section.value_at("name"),
                 fmt::format("'{}' cannot name a resource: it must be 1 to {} of A-Z a-z 0-9 . _ -",
                             one.file.name, kLongestName));
  }
  const fs::path given = files.folder / text_at(section, "path", "the file, relative to the spec");
  std::error_code error;
  const fs::path path = fs::canonical(given, error);
  if (error || !fs::is_regular_file(path, error)) {
    section.fail(section.value_at("path"),
                 fmt::format("'path' in {}: there is no file {}", section.title(), given.string()));
  }
  one.file.path = path.string();
  try {
    one.hash = hash_of_file(one.file.path);
  } catch (const std::system_error& failure) {
    section.fail(section.value_at("path"),
                 fmt::format("'path' in {}: cannot read {}", section.title(), failure.what()));
  }
  return one;
}

std::vector<Recorded> load_all(const Document& document, const InputFiles& files) {
  std::vector<Recorded> all;
  const Entry* entry = find(document.root(), "resource");
  if (entry == nullptr) return all;
  const auto* nodes = std::get_if<Array>(&entry->value.value);
  if (nodes == nullptr) {
    document.fail(entry->at, "write [[resource]], in double brackets, once per resource");
  }
  for (const Node& node : *nodes) {
    const Section section(document, "[[resource]]", "resource.", node);
    Recorded one = load_one(section, files);
    for (const Recorded& other : all) {
      if (other.file.name != one.file.name) continue;
      section.fail(section.value_at("name"),
                   fmt::format("there is already a resource named '{}'", one.file.name));
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

ResourceList load_resources(const Document& document, InputFiles& files) {
  const std::vector<Recorded> all =
      files.recorded ? read_record(*files.recorded) : load_all(document, files);
  ResourceList list;
  std::string record;
  for (const Recorded& one : all) {
    record += fmt::format("{} {} {}\n", one.hash, one.file.name, one.file.path);
    list.keys.push_back(
        {"resource." + one.file.name, "xxh3:" + one.hash, false, true, one.file.path});
    list.files.push_back(one.file);
  }
  if (!record.empty()) files.contents[kRecord] = record;
  return list;
}

std::vector<std::string> changed_resources(const fs::path& inputs) {
  std::vector<std::string> changed;
  for (const Recorded& one : read_record(inputs)) {
    try {
      if (hash_of_file(one.file.path) == one.hash) continue;
    } catch (const std::system_error&) {  // gone, or not ours to read: not what it was
    }
    changed.push_back(one.file.path);
  }
  return changed;
}

}  // namespace joust::spec
