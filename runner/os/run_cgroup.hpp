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
#include <future>
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

// The same, entered and left in the background. A process changes its group in 14 ms here, nearly
// all of which the kernel waits: meanwhile a run directory is made, or a report is written. A run
// of one world takes 39 ms so, and 50 otherwise (medians of 9).
class RunCgroupAside {
 public:
  // Begins to enter, if that is wanted.
  explicit RunCgroupAside(bool wanted);
  ~RunCgroupAside() { leave(); }
  RunCgroupAside(const RunCgroupAside&) = delete;
  RunCgroupAside& operator=(const RunCgroupAside&) = delete;

  // Waits until this process is in the group: its folder; empty: there is none.
  std::filesystem::path folder();

  // Begins to leave; the destructor waits for it. REQUIRES: nobody needs the group any more.
  void leave();

 private:
  std::future<std::optional<RunCgroup>> entering_;
  std::optional<RunCgroup> group_;
  std::future<void> leaving_;
};

}  // namespace joust::os
