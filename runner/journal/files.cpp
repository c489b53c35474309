#include "runner/journal/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "common/unique_fd.hpp"

namespace joust::journal {
namespace {

UniqueFd open_or_fail(const std::filesystem::path& file, std::string_view what, int flags) {
  UniqueFd fd(::open(file.c_str(), flags | O_CLOEXEC, 0666));
  if (!fd) fail_system(file, what, errno);
  return fd;
}

void write_all(int fd, const std::filesystem::path& file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_system(file, "write it", errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

void fail_system(const std::filesystem::path& file, std::string_view what, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  throw JournalError(
      fmt::format("{}: cannot {}: {}", file.string(), what, std::generic_category().message(error)),
      full);
}

void write_new_file(const std::filesystem::path& file, std::string_view content) {
  const UniqueFd fd = open_or_fail(file, "create it", O_WRONLY | O_CREAT | O_EXCL);
  write_all(fd.get(), file, content);
  if (::fsync(fd.get()) != 0) fail_system(file, "write it", errno);
}

void publish_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path temporary =
      file.parent_path() / ("." + file.filename().string() + ".tmp");
  ::unlink(temporary.c_str());  // left behind by a process that was killed
  try {
    write_new_file(temporary, content);
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail_system(file, "rename it", errno);
  } catch (const JournalError&) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_path(file.parent_path());
}

bool copy_regular_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  constexpr std::size_t kChunk = 1 << 20;
  const UniqueFd in(::open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!in || ::fstat(in.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const UniqueFd out = open_or_fail(to, "create it", O_WRONLY | O_CREAT | O_TRUNC);
  std::string chunk(kChunk, '\0');
  for (;;) {
    const ssize_t got = ::read(in.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_system(from, "read it", errno);
    if (got == 0) break;
    write_all(out.get(), to, {chunk.data(), static_cast<std::size_t>(got)});
  }
  if (::fsync(out.get()) != 0) fail_system(to, "write it", errno);
  return true;
}

std::string read_file(const std::filesystem::path& file) {
  const UniqueFd fd = open_or_fail(file, "open it", O_RDONLY);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) fail_system(file, "read it", errno);
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t got = ::read(fd.get(), content.data() + done, content.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_system(file, "read it", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  content.resize(done);
  return content;
}

std::string machine_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

void sync_path(const std::filesystem::path& path) {
  const UniqueFd fd = open_or_fail(path, "open it", O_RDONLY);
  if (::fsync(fd.get()) != 0) fail_system(path, "write it to the disk", errno);
}

}  // namespace joust::journal
