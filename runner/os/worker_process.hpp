#pragma once
// Starting and ending processes. The only file that knows Boost.Process; everything after the start
// goes through a pidfd of our own, so that no process id is ever signalled after it was reaped.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/unique_fd.hpp"
#include "runner/core/events.hpp"
#include "runner/os/channel_host.hpp"
#include "runner/os/placement.hpp"

namespace joust::os {

// A child process and what we hold of it.
struct ChildProcess {
  int pid = -1;
  UniqueFd pidfd;  // readable when it has ended
  UniqueFd pipe;   // a worker: the read end of its output; the guard: the write end of its input
};

// Starts workers and the guard. Made once, before any other descriptor is opened: it occupies the
// low descriptor numbers that a child's channel is put at. Use from the main thread only, which
// must not end before the workers do: their parent-death signal is tied to it.
class Spawner {
 public:
  // `run_id` marks every process of the run (common/run_marker.hpp); `env_allow` names variables
  // that they inherit beyond the usual ones (common/environment.hpp).
  Spawner(std::filesystem::path worker_binary, std::string run_id,
          std::vector<std::string> env_allow = {});

  // Starts a worker on a channel, in its place. `data_limit`: bytes of memory that it, and each
  // process that it starts, may map for themselves (RLIMIT_DATA); 0: as this process. Throws
  // std::system_error, naming the binary and the reason.
  ChildProcess start_worker(core::WorkerId id, const ChannelFds& channel,
                            const WorkerPlace& place = {}, std::uint64_t data_limit = 0);

  // Starts the guard (worker/guard.hpp) of a run with this control group, if it has one.
  ChildProcess start_guard(const std::filesystem::path& cgroup);

  // Starts another program of the run's, with its output going to the descriptor `out`. Throws
  // std::system_error.
  ChildProcess start_helper(const std::filesystem::path& program,
                            std::vector<std::string> arguments, int out);

  // Starts the worker program to look at a plugin: standard input is `in`, both outputs are `out`,
  // and `report` is at kPluginReportFd. Throws std::system_error.
  ChildProcess start_examination(std::vector<std::string> arguments, int in, int out, int report);

  const std::string& run_id() const { return run_id_; }

 private:
  struct Plan;
  ChildProcess launch(const std::filesystem::path& program, const Plan& plan);

  std::filesystem::path binary_;
  std::string run_id_;
  std::vector<std::string> env_allow_;
  std::vector<UniqueFd> low_descriptors_;
};

// Sends a signal through the pidfd; to a process that has ended it does nothing. REQUIRES: the
// child was not reaped.
void signal_process(const ChildProcess& child, int signal);

// Kills the process, its process group and all descendants that can be found. REQUIRES: not reaped
// yet.
void kill_tree(const ChildProcess& child);

// Signals the whole process group of a child that was not reaped yet.
void signal_group(const ChildProcess& child, int signal);

// Reaps the process if it has ended.
std::optional<core::ProcessEnd> reap(const ChildProcess& child);

// Whether it was ended by that signal. It is not reaped.
bool was_ended_by(const ChildProcess& child, int signal);

// What clear_orphans() goes by.
struct Family {
  std::vector<int> own;                   // processes that are no orphans
  std::string_view run_id;                // the mark of orphans of this run
  std::vector<std::string> live_workers;  // "slot.epoch": their orphans may live on
  // Those that have cleared their environment, too. Whose they are cannot be told.
  bool unmarked_too = false;
  std::filesystem::path cgroup;  // of the run: unmarked ones elsewhere are not ours; empty: none
};

// Looks through the children of this process for orphans that it adopted (it is a child subreaper):
// reaps those that have ended, and kills those of this run whose worker does not live. How many
// were reaped or killed: 0 means that nothing more is to be found.
int clear_orphans(const Family& family);

}  // namespace joust::os
