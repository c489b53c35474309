#include "common/resources.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/unique_fd.hpp"
#include "common/world.hpp"

namespace joust {
namespace {

[[noreturn]] void fail(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail(path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) fail(path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return;
  mapping_.emplace(file.get(), size, Mapping::Access::read_only);
  bytes_ = {mapping_->data(), size};
}

const ResourceFile& Resources::find(std::string_view name) const {
  const auto file = std::find_if(files_.begin(), files_.end(),
                                 [name](const ResourceFile& each) { return each.name == name; });
  if (file != files_.end()) return *file;
  std::string known;
  for (const ResourceFile& each : files_) known += (known.empty() ? "" : ", ") + each.name;
  throw SetupError(fmt::format("there is no [[resource]] named '{}'; there are: {}", name,
                               known.empty() ? "none" : known));
}

std::span<const std::byte> Resources::get(std::string_view name) {
  if (const auto found = mapped_.find(name); found != mapped_.end()) return found->second.bytes();
  const ResourceFile& file = find(name);
  try {
    return mapped_.emplace(file.name, MappedFile(file.path)).first->second.bytes();
  } catch (const std::system_error& error) {
    throw SetupError(fmt::format("the resource '{}' cannot be mapped: {}", name, error.what()));
  }
}

}  // namespace joust
