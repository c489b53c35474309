#include "common/run_marker.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "common/parse_number.hpp"
#include "common/unique_fd.hpp"
#include "common/whole_file.hpp"

namespace joust {

std::vector<int> all_processes() {
  std::vector<int> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    if (const auto pid = parse_number<int>(entry->path().filename().native())) {
      found.push_back(*pid);
    }
  }
  return found;
}

namespace {

// How many carried the marker and were signalled.
int kill_all_found(std::string_view run) {
  int killed = 0;
  for (const int pid : all_processes()) {
    if (pid == ::getpid()) continue;
    // the marker is read after the pidfd was opened, so the signal cannot reach a newcomer that
    // merely got the same number
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd || environment_of(pid, kRunVariable) != run) continue;
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
    ++killed;
  }
  return killed;
}

}  // namespace

std::string environment_of(int pid, std::string_view variable) {
  const auto text = read_whole_file(fmt::format("/proc/{}/environ", pid));
  std::string_view rest = text ? *text : std::string_view();
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    if (entry.size() > variable.size() && entry.starts_with(variable) &&
        entry[variable.size()] == '=') {
      return std::string(entry.substr(variable.size() + 1));
    }
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
  }
  return {};
}

bool kill_processes_of_run(std::string_view run) {
  constexpr int kMostRounds = 1000;
  for (int round = 0; round < kMostRounds; ++round) {
    if (kill_all_found(run) == 0) return true;
    ::usleep(1000);
  }
  return false;
}

}  // namespace joust
