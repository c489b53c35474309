#include "runner/os/run_cgroup.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "common/cgroup.hpp"
#include "common/parse_number.hpp"
#include "runner/machine/control_groups.hpp"

namespace joust::os {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "joust-";

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
  const std::vector<fs::path> groups = machine::own_groups("");
  if (groups.empty()) return std::nullopt;
  const fs::path& own = groups.front();
  remove_leftovers(own);
  const fs::path folder = own / fmt::format("{}{}", kPrefix, ::getpid());
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

RunCgroupAside::RunCgroupAside(bool wanted) {
  if (!wanted) return;
  try {
    entering_ = std::async(std::launch::async, RunCgroup::create);
  } catch (const std::system_error&) {  // no thread can be had: then at once
    group_ = RunCgroup::create();
  }
}

fs::path RunCgroupAside::folder() {
  if (entering_.valid()) group_ = entering_.get();
  return group_ ? group_->folder() : fs::path();
}

void RunCgroupAside::leave() {
  if (leaving_.valid() || folder().empty()) return;
  try {
    leaving_ = std::async(std::launch::async, [this] { group_.reset(); });
  } catch (const std::system_error&) {  // as above
    group_.reset();
  }
}

}  // namespace joust::os
