#include "runner/scoring/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <utility>

#include "runner/journal/journal.hpp"

namespace joust::scoring {
namespace {

constexpr std::size_t kBufferSize = 64 << 10;

// So much is on its way to the disk at a time while more is written: a large file is then not
// waited for from its beginning when it is committed.
constexpr std::uint64_t kWriteBack = 8 << 20;

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)), temporary_(path_.string() + ".joust.tmp") {
  buffer_.reserve(kBufferSize);
  // one that a killed process left is used again; one that another process writes is not touched
  while (!open_temporary()) close();
  if (::ftruncate(fd_, 0) == 0) return;
  const int error = errno;
  close();
  fail("create", error);
}

// False: its last writer has just given it its final name, or removed it.
bool AtomicFile::open_temporary() {
  fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) fail("create", errno);
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close();
    throw journal::JournalError(
        fmt::format("another process is writing '{}' at this moment", path_.string()));
  }
  struct stat ours {};
  struct stat there {};
  return ::fstat(fd_, &ours) == 0 && ::stat(temporary_.c_str(), &there) == 0 &&
         ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  close();
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > kBufferSize) flush();
  buffer_.append(bytes);
}

void AtomicFile::commit(Sync sync) {
  flush();
  if (sync == Sync::disk && ::fsync(fd_) != 0) fail("write", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("rename", errno);
  close();
}

void AtomicFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("write", errno);
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  size_ += buffer_.size();
  buffer_.clear();
  if (size_ - sent_ < kWriteBack) return;
  // where that is not possible, commit() waits for longer
  ::sync_file_range(fd_, static_cast<off64_t>(sent_), static_cast<off64_t>(size_ - sent_),
                    SYNC_FILE_RANGE_WRITE);
  sent_ = size_;
}

void AtomicFile::fail(std::string_view what, int error) const {
  throw journal::JournalError(
      fmt::format("can not {} '{}': {}; the results are safe in run.db", what, temporary_.string(),
                  std::generic_category().message(error)),
      error == ENOSPC || error == EDQUOT || error == EFBIG);
}

void AtomicFile::close() {
  ::close(fd_);
  fd_ = -1;
}

}  // namespace joust::scoring
