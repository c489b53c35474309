#pragma once
// Files as memory. All workers map the same pages of the same file, read only, so that a resource
// is in memory once, however many workers there are.

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/mapping.hpp"
#include "common/resource_file.hpp"

namespace joust {

// A whole file, mapped read-only for as long as the object lives.
class MappedFile {
 public:
  // Throws std::system_error. An empty file is an empty span.
  explicit MappedFile(const std::string& path);
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::optional<Mapping> mapping_;
  std::span<const std::byte> bytes_;
};

// The resources of a tournament, by name. Not thread-safe.
class Resources {
 public:
  explicit Resources(std::vector<ResourceFile> files) : files_(std::move(files)) {}

  // Throws SetupError, with the names that there are, when there is none of that name.
  void require(std::string_view name) const { find(name); }

  // The content of that resource, mapped when it is first asked for and valid as long as this
  // object lives. Throws SetupError as require() does, and when its file cannot be mapped.
  std::span<const std::byte> get(std::string_view name);

 private:
  const ResourceFile& find(std::string_view name) const;

  std::vector<ResourceFile> files_;
  std::map<std::string, MappedFile, std::less<>> mapped_;
};

}  // namespace joust
