#include "runner/journal/new_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "common/unique_fd.hpp"
#include "runner/journal/files.hpp"

namespace joust::journal {
namespace {

namespace fs = std::filesystem;

constexpr int kAttempts = 1000;
constexpr std::string_view kEnd = ".tmp";

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string prefix_of(const fs::path& final_name) {
  return fmt::format(".{}.", final_name.filename().string());
}

// Other machines may share the folder, and have processes of the same number.
std::string own_end() { return fmt::format(".{}{}", machine_name(), kEnd); }

bool is_alive(int pid) { return ::kill(pid, 0) == 0 || errno != ESRCH; }

void remove_abandoned(const fs::path& final_name) {
  const std::string prefix = prefix_of(final_name);
  const std::string end = own_end();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent_of(final_name), error)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(prefix) || !name.ends_with(end)) continue;
    if (is_alive(std::atoi(name.c_str() + prefix.size()))) continue;
    const UniqueFd folder(::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // the lock tells also where its maker cannot be seen, in another container
    if (!folder || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) continue;
    fs::remove_all(entry.path(), error);
  }
}

}  // namespace

NewFolder::NewFolder(const fs::path& final_name) : final_name_(final_name) {
  const fs::path parent = parent_of(final_name);
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) fail_system(parent, "create it", error.value());
  remove_abandoned(final_name);
  for (int attempt = 0;; ++attempt) {
    path_ = final_name.parent_path() /
            fmt::format("{}{}-{}{}", prefix_of(final_name), ::getpid(), attempt, own_end());
    if (::mkdir(path_.c_str(), 0777) == 0) return;
    if (errno != EEXIST || attempt == kAttempts) fail_system(final_name, "create it", errno);
  }
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!has_name_) fs::remove_all(path_, ignored);
}

bool NewFolder::take_name() {
  const char* const from = path_.c_str();
  const char* const to = final_name_.c_str();
  has_name_ = ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
  if (!has_name_ && (errno == EINVAL || errno == ENOSYS)) {
    // NFS does not know the flag; there, a folder of that name is replaced, but only an empty one
    has_name_ = ::rename(from, to) == 0;
  }
  if (has_name_) return true;
  if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR) return false;
  fail_system(final_name_, "rename the finished folder to it", errno);
}

bool is_in_the_making(const fs::path& folder) {
  const std::string name = folder.filename();
  return name.starts_with('.') && name.ends_with(kEnd);
}

}  // namespace joust::journal
