#include "runner/journal/machines_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

#include "common/ending_signals.hpp"
#include "runner/journal/files.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/machine/file_system.hpp"

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockFile = "run.lock";
constexpr std::chrono::seconds kPatience{120};
constexpr std::chrono::seconds kBetweenTries{1};

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// Waits, at most so long. True: a signal waits, blocked, that is to end joust.
bool is_asked_to_end(std::chrono::seconds time) {
  constexpr std::chrono::milliseconds kLook{100};
  for (auto waited = kLook; waited <= time; waited += kLook) {
    if (ending_signal_is_pending()) return true;
    std::this_thread::sleep_for(kLook);
  }
  return false;
}

bool is_held(int error) { return error == EAGAIN || error == EACCES; }

}  // namespace

UniqueFd lock_for_all_machines(const fs::path& dir, const fs::path& shown) {
  if (machine::network_file_system(dir).empty()) return {};
  const fs::path file = dir / kLockFile;
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!fd) fail_system(file, "open it", errno);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (bool told = false;; told = true) {
    struct flock lock = whole_file();
    if (::fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) return fd;
    if (!is_held(errno)) {
      fmt::print(
          stderr,
          "joust: warning: {}: this file system has no locks ({}): see that no other machine "
          "works on it\n",
          shown.string(), std::generic_category().message(errno));
      return {};
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      throw LockedError(
          fmt::format("{}: a joust on another machine works on it: wait until it has ended, or "
                      "stop it first",
                      shown.string()));
    }
    if (!told) {
      fmt::print(stderr,
                 "joust: {} is locked by another machine; should that be dead, its lock goes "
                 "within two minutes: waiting\n",
                 shown.string());
    }
    if (is_asked_to_end(kBetweenTries)) {
      throw LockedError(fmt::format("{}: not waited for any longer", shown.string()));
    }
  }
}

bool is_locked_by_another_machine(const fs::path& dir) {
  if (machine::network_file_system(dir).empty()) return false;
  const UniqueFd fd(::open((dir / kLockFile).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return false;
  struct flock lock = whole_file();
  lock.l_type = F_RDLCK;  // of a file opened to be read, only such can be asked about
  return ::fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace joust::journal
