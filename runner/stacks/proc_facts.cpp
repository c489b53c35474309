#include "runner/stacks/proc_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "common/parse_number.hpp"
#include "common/whole_file.hpp"
#include "runner/report/printable.hpp"

namespace joust::stacks {
namespace {

namespace fs = std::filesystem;

// The content without the line break at its end.
std::string shown(const fs::path& file) {
  std::string text = read_whole_file(file).value_or("");
  while (text.ends_with('\n')) text.pop_back();
  return report::printable(text);
}

// Of "1234 (name) S ...": the name may hold anything, also parentheses.
char state_in(const std::string& stat) {
  const auto name_end = stat.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= stat.size() ? '?' : stat[name_end + 2];
}

}  // namespace

ProcessFacts process_facts(int pid) {
  const fs::path folder = fmt::format("/proc/{}", pid);
  const auto stat = read_whole_file(folder / "stat");
  if (!stat) return {};
  std::error_code error;
  return {true, shown(folder / "comm"),
          report::printable(fs::read_symlink(folder / "exe", error).string()), state_in(*stat)};
}

bool is_traced(int tid) {
  constexpr std::string_view kTracer = "TracerPid:\t";
  const std::string status = read_whole_file(fmt::format("/proc/{}/status", tid)).value_or("");
  const std::size_t at = status.find(kTracer);
  return at != std::string::npos && status.substr(at + kTracer.size(), 1) != "0";
}

ThreadFacts thread_facts(int pid, int tid) {
  const fs::path folder = fmt::format("/proc/{}/task/{}", pid, tid);
  return {tid, shown(folder / "comm"), state_in(read_whole_file(folder / "stat").value_or(""))};
}

std::vector<int> thread_ids(int pid) {
  std::vector<int> ids;
  std::error_code error;
  for (fs::directory_iterator task(fmt::format("/proc/{}/task", pid), error), end;
       !error && task != end; task.increment(error)) {
    if (const auto tid = parse_number<int>(task->path().filename().string())) ids.push_back(*tid);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::string state_text(char state) {
  switch (state) {
    case 'R':
      return "R (running)";
    case 'S':
      return "S (sleeping)";
    case 'D':
      return "D (waiting in the kernel, cannot be interrupted)";
    case 'T':
      return "T (stopped)";
    case 't':
      return "t (stopped by a debugger)";
    case 'Z':
      return "Z (ended, not yet waited for)";
    default:
      return std::string(1, state);
  }
}

std::string kernel_text(int pid, int tid) {
  const fs::path folder = fmt::format("/proc/{}/task/{}", pid, tid);
  const std::string function = shown(folder / "wchan");
  const std::string call = shown(folder / "syscall");
  std::string text = fmt::format("state {}", state_text(thread_facts(pid, tid).state));
  if (!function.empty() && function != "0") text += fmt::format(", in {} of the kernel", function);
  if (!call.empty()) text += fmt::format(", system call and arguments: {}", call);
  return text;
}

}  // namespace joust::stacks
