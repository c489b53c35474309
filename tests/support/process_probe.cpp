#include "tests/support/process_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/run_marker.hpp"
#include "common/whole_file.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

std::vector<int> children_of(int pid) {
  std::ifstream file(fmt::format("/proc/{0}/task/{0}/children", pid));
  std::vector<int> found;
  for (int child = 0; file >> child;) found.push_back(child);
  return found;
}

bool is_guard(int pid) {
  const std::string words = read_whole_file(fmt::format("/proc/{}/cmdline", pid)).value_or("");
  return words.find("--guard") != std::string::npos;
}

bool runs_program(int pid, std::string_view name) {
  std::error_code error;
  return fs::read_symlink(fmt::format("/proc/{}/exe", pid), error).filename() == name;
}

}  // namespace

std::vector<int> processes_with(std::string_view variable, std::string_view value) {
  std::vector<int> found = all_processes();
  std::erase_if(found, [&](int pid) { return environment_of(pid, variable) != value; });
  return found;
}

std::vector<int> workers_of(int supervisor) {
  std::vector<int> found = children_of(supervisor);
  std::erase_if(found, [](int pid) {
    return !is_alive(pid) || is_guard(pid) || !runs_program(pid, "joust-worker") ||
           environment_of(pid, kWorkerVariable).empty();
  });
  return found;
}

int guard_of(int supervisor) {
  for (const int pid : children_of(supervisor)) {
    if (is_alive(pid) && is_guard(pid)) return pid;
  }
  return 0;
}

bool is_alive(int pid) {
  const char state = state_of(pid);
  return state != '?' && state != 'Z' && state != 'X';
}

char state_of(int pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= line.size() ? '?' : line[name_end + 2];
}

std::size_t open_descriptors(int pid) {
  std::size_t count = 0;
  std::error_code error;
  for (fs::directory_iterator entry(fmt::format("/proc/{}/fd", pid), error), end;
       !error && entry != end; entry.increment(error)) {
    ++count;
  }
  return count;
}

std::size_t mappings(int pid) {
  std::ifstream file(fmt::format("/proc/{}/maps", pid));
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}

std::vector<int> sleepers(const std::string& seconds) {
  const std::string wanted = std::string("sleep") + '\0' + seconds + '\0';
  std::vector<int> found = all_processes();
  std::erase_if(found, [&](int pid) {
    return !is_alive(pid) || read_whole_file(fmt::format("/proc/{}/cmdline", pid)) != wanted;
  });
  return found;
}

std::set<std::string> shared_memory_names() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator("/dev/shm")) {
    const std::string name = entry.path().filename();
    if (name.find("joust") != std::string::npos) names.insert(name);
  }
  return names;
}

}  // namespace joust::test
