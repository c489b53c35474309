#pragma once
// The control group of a run: joust moves itself into a group of its own, so that all its processes
// are in there, and the guard can end them together when joust itself was killed. Where that cannot
// be had (no cgroup v2, none that joust may divide, a kernel before 5.14) the guard goes by the
// mark in their environment alone (common/run_marker.hpp).
//
// There is no group for each worker: a process is moved between groups in 11 ms (median; 31 ms in
// the worst of a hundred), five times what a replacement takes to start. What a worker leaves
// behind becomes a child of joust instead and is ended as such.

#include <filesystem>
#include <optional>

namespace joust::os {

class RunCgroup {
 public:
  // Makes the group and moves this process into it. Nothing where that does not work, or the
  // environment has JOUST_NO_CGROUP.
  static std::optional<RunCgroup> create();

  // Moves this process back, ends whatever else is in the group and removes it.
  ~RunCgroup();
  RunCgroup(RunCgroup&& other) noexcept { folder_.swap(other.folder_); }
  RunCgroup& operator=(RunCgroup&& other) noexcept {
    folder_.swap(other.folder_);
    return *this;
  }

  const std::filesystem::path& folder() const { return folder_; }

 private:
  explicit RunCgroup(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;  // empty: it was moved from
};

}  // namespace joust::os
