#include "runner/os/attempt_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace joust::os {

UniqueFd open_attempt_file(const std::filesystem::path& file) {
  return UniqueFd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
}

void write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool write_attempt_file(const std::filesystem::path& file, std::string_view text) {
  const UniqueFd out = open_attempt_file(file);
  if (out) write_whole(out.get(), text);
  return static_cast<bool>(out);
}

}  // namespace joust::os
