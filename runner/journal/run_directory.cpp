#include "runner/journal/run_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

#include "common/unique_fd.hpp"
#include "runner/journal/files.hpp"
#include "runner/journal/machines_lock.hpp"
#include "runner/journal/new_folder.hpp"
#include "runner/journal/new_run.hpp"

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_exists(const fs::path& dir) {
  throw JournalError(fmt::format(
      "{0} exists already; go on with it: joust resume {0}, or choose another folder with --out",
      dir.string()));
}

// "runs/x/" and "runs/x" are the same folder; its name and parent are those of the latter.
fs::path without_slash(const fs::path& dir) {
  return dir.has_filename() || !dir.has_parent_path() ? dir : dir.parent_path();
}

// Who holds the lock, from the kernel's table of locks; 0 when it does not say.
long lock_holder(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return 0;
  const std::string file = fmt::format("{:02x}:{:02x}:{}", ::major(status.st_dev),
                                       ::minor(status.st_dev), status.st_ino);
  std::ifstream table("/proc/locks");
  for (std::string line; std::getline(table, line);) {
    std::istringstream words(line);
    std::string number, kind, strictness, access, where;
    long pid = 0;
    words >> number >> kind >> strictness >> access >> pid >> where;
    if (kind == "FLOCK" && where == file) return pid;
  }
  return 0;
}

UniqueFd lock_folder(const fs::path& dir, const fs::path& shown) {
  UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) fail_system(shown, "open it as a run directory", errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) fail_system(shown, "lock it", errno);
  const long pid = lock_holder(fd.get());
  throw LockedError(
      fmt::format("{}: another joust{} works on it: wait until it has ended, or stop it first",
                  shown.string(), pid > 0 ? fmt::format(" (process {})", pid) : ""));
}

}  // namespace

bool is_worked_on(const fs::path& dir) {
  const UniqueFd fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return (fd && lock_holder(fd.get()) != 0) || is_locked_by_another_machine(dir);
}

RunDirectory RunDirectory::create(const fs::path& dir, const RunIdentity& identity,
                                  const std::function<void(const fs::path&)>& fill) {
  const fs::path final_name = without_slash(dir);
  std::error_code error;
  if (fs::exists(fs::symlink_status(final_name, error))) fail_exists(dir);
  NewFolder temporary(final_name);
  UniqueFd lock = lock_folder(temporary.path(), dir);
  UniqueFd lock_of_all = lock_for_all_machines(temporary.path(), dir);
  write_new_run(temporary.path(), identity);
  if (fill) fill(temporary.path());
  if (!temporary.take_name()) fail_exists(dir);
  sync_path(final_name.has_parent_path() ? final_name.parent_path() : fs::path("."));
  return RunDirectory(final_name, std::move(lock), std::move(lock_of_all));
}

RunDirectory RunDirectory::open(const fs::path& dir) {
  std::error_code error;
  if (!fs::exists(dir, error)) {
    throw JournalError(fmt::format("{}: there is no such run directory", dir.string()));
  }
  UniqueFd lock = lock_folder(dir, dir);
  if (!fs::exists(dir / "run.db", error)) {
    throw JournalError(fmt::format("{} is no run directory: it has no run.db", dir.string()));
  }
  UniqueFd lock_of_all = lock_for_all_machines(dir, dir);
  return RunDirectory(without_slash(dir), std::move(lock), std::move(lock_of_all));
}

RunDirectory::RunDirectory(fs::path path, UniqueFd lock, UniqueFd lock_of_all)
    : path_(std::move(path)), lock_(std::move(lock)), lock_of_all_(std::move(lock_of_all)) {}

}  // namespace joust::journal
