#include "runner/os/process_state.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "common/number_after.hpp"
#include "common/whole_file.hpp"

namespace joust::os {
namespace {

core::ProcessState state_from_letter(char letter) {
  switch (letter) {
    case 'R':
      return core::ProcessState::running;
    case 'T':
      return core::ProcessState::stopped;
    case 'D':
      return core::ProcessState::in_kernel;
    case 'Z':
    case 'X':
      return core::ProcessState::gone;
    default:  // S, I, and t: stopped by a debugger, whose user decides
      return core::ProcessState::sleeping;
  }
}

void read_children(int pid, const std::string& task, std::vector<int>& out) {
  std::istringstream file(
      read_whole_file(fmt::format("/proc/{}/task/{}/children", pid, task)).value_or(""));
  for (int child = 0; file >> child;) out.push_back(child);
}

// Bytes; what a fork has left to several processes counts for each of them.
std::uint64_t own_memory(int pid) {
  // of proc(5): all pages that are mapped, those in memory, and of these what is of files or shared
  std::istringstream pages(read_whole_file(fmt::format("/proc/{}/statm", pid)).value_or(""));
  std::uint64_t mapped = 0;
  std::uint64_t resident = 0;
  std::uint64_t shared = 0;
  if (!(pages >> mapped >> resident >> shared) || shared > resident) return 0;
  return (resident - shared) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// The same with only its part of such pages; nothing where the kernel does not tell.
std::optional<std::uint64_t> part_of_own_memory(int pid) {
  const auto kibibytes = number_after(
      "Pss_Anon:", read_whole_file(fmt::format("/proc/{}/smaps_rollup", pid)).value_or(""));
  return kibibytes ? std::optional(*kibibytes << 10) : std::nullopt;
}

}  // namespace

ProcessLook look_at(int pid) {
  const std::string line = read_whole_file(fmt::format("/proc/{}/stat", pid)).value_or("");
  const auto name_end = line.rfind(')');  // the name may hold anything, also parentheses
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  char state = 0;
  fields >> state;
  // of proc(5), 4 is the parent, 14 and 15 are utime and stime, 24 is rss
  int parent = 0;
  fields >> parent;
  std::string skipped;
  for (int field = 5; field <= 13; ++field) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  fields >> user >> system;
  for (int field = 16; field <= 23; ++field) fields >> skipped;
  std::int64_t pages = 0;
  fields >> pages;
  if (!fields) return {};
  const std::int64_t tick = 1'000'000'000 / ::sysconf(_SC_CLK_TCK);
  return {state_from_letter(state), Duration((user + system) * tick),
          static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)),
          parent};
}

ProcessLook look_at_family(int pid) {
  using core::ProcessState;
  ProcessLook family = look_at(pid);
  if (family.state == ProcessState::gone) return family;
  bool any_stopped = family.state == ProcessState::stopped;
  bool any_running = family.state == ProcessState::running;
  bool any_in_kernel = family.state == ProcessState::in_kernel;
  for (const int child : descendants(pid)) {
    const ProcessLook look = look_at(child);
    family.cpu += look.cpu;
    family.rss += look.rss;
    any_stopped = any_stopped || (look.state == ProcessState::stopped && look.parent == pid);
    any_running = any_running || look.state == ProcessState::running;
    any_in_kernel = any_in_kernel || look.state == ProcessState::in_kernel;
  }
  if (any_stopped) {
    family.state = ProcessState::stopped;
  } else if (any_running) {
    family.state = ProcessState::running;
  } else if (any_in_kernel) {
    family.state = ProcessState::in_kernel;
  }
  return family;
}

std::uint64_t own_memory_of_family(int pid) {
  std::vector<int> family = descendants(pid);
  family.push_back(pid);
  // a worker and the program that it has started share nothing but files
  constexpr std::size_t kMostStrangers = 2;
  const bool may_share = family.size() > kMostStrangers;
  std::uint64_t sum = 0;
  for (const int each : family) {
    const auto part = may_share ? part_of_own_memory(each) : std::nullopt;
    sum += part ? *part : own_memory(each);
  }
  return sum;
}

MachineLook look_at_machine() {
  MachineLook look;
  std::istringstream load(read_whole_file("/proc/loadavg").value_or(""));
  load >> look.load;
  const std::string memory = read_whole_file("/proc/meminfo").value_or("");
  look.available = number_after("MemAvailable:", memory).value_or(0) << 10;
  return look;
}

std::vector<int> own_children() {
  std::vector<int> children;
  read_children(::getpid(), std::to_string(::getpid()), children);
  return children;
}

std::vector<int> descendants(int pid) {
  std::vector<int> found;
  std::vector<int> to_visit{pid};
  for (std::size_t next = 0; next < to_visit.size(); ++next) {
    std::error_code error;
    const std::filesystem::path tasks = fmt::format("/proc/{}/task", to_visit[next]);
    const std::size_t before = to_visit.size();
    for (std::filesystem::directory_iterator task(tasks, error), end; !error && task != end;
         task.increment(error)) {
      read_children(to_visit[next], task->path().filename(), to_visit);
    }
    found.insert(found.end(), to_visit.begin() + static_cast<std::ptrdiff_t>(before),
                 to_visit.end());
  }
  return found;
}

}  // namespace joust::os
