#include "common/cgroup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "common/unique_fd.hpp"

namespace joust {
namespace {

namespace fs = std::filesystem;

bool write_word(const fs::path& file, std::string_view word) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), word.data(), word.size()) == static_cast<ssize_t>(word.size());
}

}  // namespace

bool enter_cgroup(const fs::path& group) {
  return write_word(group / "cgroup.procs", "0");  // 0 is whoever writes it
}

bool remove_cgroup(const fs::path& group) { return ::rmdir(group.c_str()) == 0 || errno == ENOENT; }

bool end_cgroup(const fs::path& group) {
  constexpr int kMostRounds = 1000;
  for (int round = 0; round < kMostRounds; ++round) {
    write_word(group / "cgroup.kill", "1");
    if (remove_cgroup(group)) return true;
    ::usleep(1000);
  }
  return false;
}

}  // namespace joust
