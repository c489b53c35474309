#include "runner/os/run_cgroup.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>

#include "common/cgroup.hpp"
#include "common/parse_number.hpp"
#include "common/whole_file.hpp"

namespace joust::os {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "joust-";

struct Mount {
  std::string root;  // the part of the hierarchy that is seen there
  fs::path point;
};

// A line of proc(5)'s mountinfo: id, parent, device, root, mount point, options, optional fields, a
// dash, and the file system's type.
std::optional<Mount> find_cgroup2() {
  std::istringstream lines(read_whole_file("/proc/self/mountinfo").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" - cgroup2 ") == std::string::npos) continue;
    std::istringstream fields(line);
    std::string skipped;
    std::string root;
    std::string point;
    if (fields >> skipped >> skipped >> skipped >> root >> point) return Mount{root, point};
  }
  return std::nullopt;
}

// The folder of the group that this process is in.
std::optional<fs::path> own_group() {
  const auto mount = find_cgroup2();
  std::istringstream lines(read_whole_file("/proc/self/cgroup").value_or(""));
  for (std::string line; mount && std::getline(lines, line);) {
    constexpr std::string_view kVersion2 = "0::";
    if (!line.starts_with(kVersion2)) continue;
    std::string_view path = std::string_view(line).substr(kVersion2.size());
    if (mount->root != "/") {
      if (!path.starts_with(mount->root)) return std::nullopt;
      path.remove_prefix(mount->root.size());
    }
    return mount->point / fs::path(path).relative_path();
  }
  return std::nullopt;
}

// Removes what supervisors that were killed together with their guards have left, where it is
// empty.
void remove_leftovers(const fs::path& own) {
  std::error_code error;
  for (fs::directory_iterator entry(own, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (!name.starts_with(kPrefix)) continue;
    const auto pid = parse_number<int>(std::string_view(name).substr(kPrefix.size()));
    if (pid && ::kill(*pid, 0) != 0 && errno == ESRCH) remove_cgroup(entry->path());
  }
}

}  // namespace

std::optional<RunCgroup> RunCgroup::create() {
  if (std::getenv("JOUST_NO_CGROUP") != nullptr) return std::nullopt;
  const auto own = own_group();
  if (!own) return std::nullopt;
  remove_leftovers(*own);
  const fs::path folder = *own / fmt::format("{}{}", kPrefix, ::getpid());
  if (::mkdir(folder.c_str(), 0755) != 0) return std::nullopt;
  if (::access((folder / "cgroup.kill").c_str(), W_OK) != 0 || !enter_cgroup(folder)) {
    remove_cgroup(folder);
    return std::nullopt;
  }
  return RunCgroup(folder);
}

RunCgroup::~RunCgroup() {
  if (!folder_.empty() && enter_cgroup(folder_.parent_path())) end_cgroup(folder_);
}

}  // namespace joust::os
