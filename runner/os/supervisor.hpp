#pragma once
// The supervisor: carries out what the core decides, and tells the core what happened. One thread,
// one loop. It owns all worker processes; when run() returns, none of them is left.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/tournament.hpp"
#include "runner/core/pool.hpp"
#include "runner/os/injuries.hpp"
#include "runner/os/observer.hpp"
#include "runner/os/recorder.hpp"

namespace joust::os {

struct SupervisorSetup {
  PoolOptions pool;
  std::string brief;        // encode_brief(): what each worker is told first
  std::uint64_t tasks = 0;  // of the shard
  std::uint32_t seats = 0;  // per world: a result with another number is a protocol violation
  // The competitor in a seat of a task, whom a failure may name; empty: nobody is named.
  std::function<std::uint32_t(TaskIndex task, std::uint32_t seat)> competitor_in = {};
  core::LedgerHistory history;
  std::filesystem::path worker_binary;
  std::filesystem::path stacks_program = {};  // joust-stacks; empty: no stacks are taken
  std::filesystem::path attempts_dir;         // logs of failed attempts go here; empty: nowhere
  int journal_bell = -1;  // a non-blocking eventfd, rung when the recorder's status has changed
  std::optional<InjuryPlan> injuries;  // --chaos
  std::filesystem::path cgroup;        // of the run (RunCgroup); empty: there is none
  // For a test: sleeps until something happens, whatever the time, so that a lost wake-up is a
  // hang.
  bool without_timers = false;
  // Worlds know what to say when they get no more memory (native ones do): then the kernel limits
  // what they map, too.
  bool limits_data = false;
  bool handle_signals = true;  // SIGINT and friends steer the run (they must be blocked already)
};

// The signals that the supervisor reads by itself. Block them before any thread is started.
void block_supervisor_signals();

class Supervisor {
 public:
  // REQUIRES: made and run on the process's main thread, before the process opens other descriptors
  // than its own; recorder and observer outlive it. Throws std::system_error.
  Supervisor(SupervisorSetup setup, Recorder& recorder, Observer& observer);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Plays until the core says that the run is over.
  core::Finish run();

  core::PoolCounts counts() const;

  // The first signal that asked the run to stop; 0: none did.
  int stop_signal() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace joust::os
