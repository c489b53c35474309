#include "common/cgroup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "common/unique_fd.hpp"
#include "common/whole_file.hpp"

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

bool is_in_cgroup(int pid, const fs::path& group) {
  const std::string text = read_whole_file(fmt::format("/proc/{}/cgroup", pid)).value_or("");
  const std::size_t own = text.find("0::");  // the line of version 2
  if (own == std::string::npos) return false;
  const std::string path = text.substr(own, text.find('\n', own) - own) + "/";
  return path.find("/" + group.filename().string() + "/") != std::string::npos;
}

bool remove_cgroup(const fs::path& group) {
  if (::rmdir(group.c_str()) == 0 || errno == ENOENT) return true;
  std::error_code error;
  for (fs::directory_iterator entry(group, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory(error)) remove_cgroup(entry->path());
  }
  return ::rmdir(group.c_str()) == 0;
}

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
