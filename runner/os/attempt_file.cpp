#include "runner/os/attempt_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace joust::os {

UniqueFd open_attempt_file(const std::filesystem::path& file) {
  return UniqueFd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
}

bool write_attempt_file(const std::filesystem::path& file, std::string_view text) {
  const UniqueFd out = open_attempt_file(file);
  if (!out) return false;
  while (!text.empty()) {
    const ssize_t written = ::write(out.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace joust::os
