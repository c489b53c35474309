#include "common/run_marker.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
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

// NAME=value, each ended by a zero byte.
std::optional<std::string> environment(int pid) {
  return read_whole_file(fmt::format("/proc/{}/environ", pid));
}

std::optional<std::string> find_variable(std::string_view text, std::string_view variable) {
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find('\0'));
    if (entry.size() > variable.size() && entry.starts_with(variable) &&
        entry[variable.size()] == '=') {
      return std::string(entry.substr(variable.size() + 1));
    }
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
  }
  return std::nullopt;
}

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
  return find_variable(environment(pid).value_or(""), variable).value_or("");
}

bool lacks_variable(int pid, std::string_view variable) {
  const auto text = environment(pid);
  return text && !find_variable(*text, variable);
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
