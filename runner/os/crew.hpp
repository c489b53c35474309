#pragma once
// The worker processes of a run, and the guard: starting, finding, pausing, reaping them. Decides
// nothing.

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "runner/os/examiner.hpp"
#include "runner/os/live_worker.hpp"
#include "runner/os/observer.hpp"
#include "runner/os/supervisor.hpp"

namespace joust::os {

class Crew {
 public:
  // REQUIRES: `io` and `setup` outlive the crew.
  Crew(boost::asio::io_context& io, const SupervisorSetup& setup, std::string run_id);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Does now, while there is time, what the next workers would have to wait for, and what nobody
  // waits for.
  void tidy_up();

  // Throws std::system_error. The worker's brief is on its way. `solo`: it is under no memory
  // limit.
  LiveWorker& start_worker(core::WorkerId id, bool solo);
  void start_guard();
  // Starts a new guard if somebody ended it. Throws std::system_error.
  void replace_lost_guard();

  LiveWorker* find(core::WorkerId id);
  // All live workers, by slot. Changed by start_worker, remove and abandon.
  const std::vector<LiveWorker*>& all() const { return live_; }

  // Reads what is in the worker's pipe, within a budget per call; or all that is left.
  void read_output(LiveWorker& worker);
  void read_rest_of_output(LiveWorker& worker);
  // Writes the attempt's output to attempts/<task>.<attempt>.log; the path relative to the run
  // directory, or empty when it printed nothing.
  std::string save_output(const core::RecordFailure& failure);

  // Begins to take the stacks of a worker. False: that is not possible; nothing follows.
  bool take_stacks(const core::TakeStacks& wanted);
  // The workers whose stacks have been taken since the last call.
  std::vector<core::WorkerId> examined() { return examiner_.examined(); }
  // The file with the stacks that were taken of that attempt, or with what its worker left when it
  // crashed; the path relative to the run directory, or empty.
  std::string save_stacks(const core::RecordFailure& failure);
  // Prints the stacks of all workers to standard error, some time soon. Why that is not possible;
  // empty if it is.
  std::string_view print_stacks();

  // The last line that it printed before its first world, fit to be shown.
  static std::string last_words(const LiveWorker& worker);

  // Kills the worker with all its descendants.
  void kill(LiveWorker& worker);
  // Whether it may be held still at the moment, by somebody who takes its stacks.
  bool is_held(const LiveWorker& worker) const { return examiner_.holds(worker.child.pid); }

  // Kills what is left of its process group, then reaps it.
  std::optional<core::ProcessEnd> reap_worker(LiveWorker& worker);
  void remove(core::WorkerId id);
  void abandon(core::WorkerId id);
  void forget_abandoned();

  // Ends and reaps processes that workers left behind.
  void clear_strays();

  // Stops all workers (SIGSTOP), and lets them go on.
  void pause();
  void go_on();

  // Ends everything that is left of the run, the guard included.
  void disband();

  SlotPicture picture_of(SlotIndex index, const core::Slot& slot, TimePoint now) const;

 private:
  std::string in_run_directory(const std::string& name) const;
  std::string save_crash_record(const LiveWorker& worker, const std::string& name);
  void read_pipe(LiveWorker& worker, std::size_t budget);
  std::vector<int> own_processes() const;
  void list_live();
  ChannelMemory take_memory();

  boost::asio::io_context& io_;
  const SupervisorSetup& setup_;
  const std::vector<int> not_ours_;  // processes that were below this one before
  bool worker_has_ended_ = false;    // and what it left may not be found yet
  Spawner spawner_;
  const Placement placement_;
  Examiner examiner_;
  std::vector<std::unique_ptr<LiveWorker>> slots_;  // by slot; null: nobody
  std::vector<LiveWorker*> live_;
  std::optional<ChannelMemory> spare_memory_;
  std::vector<std::unique_ptr<LiveWorker>> buried_;  // ended and settled; only to be destroyed
  std::vector<ChildProcess> abandoned_;
  std::optional<ChildProcess> guard_;
  std::optional<DescriptorWatch> guard_watch_;
  bool guard_lost_ = false;
  int guards_lost_ = 0;
};

}  // namespace joust::os
