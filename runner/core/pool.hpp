#pragma once
// The core of the supervisor: decides everything and does nothing. Events and the time come in, a
// list of actions goes out. No clock, no system call, no thread; the same story gives the same
// actions, so thousands of crash stories run as tests in a second.
//
// Invariants (the tests in tests/sim check them after every event):
// - a task is accepted at most once, and only from the worker that holds its lease;
// - live workers never exceed the number of slots;
// - a run ends: every state has a deadline, a sentinel or a commit that moves it on;
// - when the run is over, nothing is armed.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/tournament.hpp"
#include "runner/core/events.hpp"
#include "runner/core/ledger.hpp"
#include "runner/core/slot.hpp"

namespace joust::core {

struct PoolCounts {
  std::uint64_t tasks = 0;
  std::uint64_t done = 0;     // accepted, in this and earlier sessions
  std::uint64_t running = 0;  // workers that play
  std::uint64_t quarantined = 0;
  std::uint64_t voided = 0;           // not to be played: a competitor in it was disqualified
  std::uint64_t failed_attempts = 0;  // charged, in this session
  std::uint64_t workers_started = 0;
  std::uint64_t workers_lost = 0;
  std::uint64_t accepted = 0;  // in this session
};

class Pool {
 public:
  Pool(const PoolOptions& options, std::uint64_t tasks, LedgerHistory history);

  // Call once, before anything else: starts the workers.
  void start(TimePoint now, Actions& out);

  // Call first in every turn of the main loop: notices that the supervisor itself was asleep, and
  // then blames nobody else for it.
  void begin_turn(TimePoint now);

  void handle(const Event& event, TimePoint now, Actions& out);

  // A worker says that it finished a world. True: the claim is the worker's oldest live lease;
  // record the result (exactly once: the lease is gone). False: it is not, and the worker will be
  // dealt with.
  bool accept(const ResultClaim& claim, TimePoint now, Actions& out);

  // Acts on deadlines that have passed and hands out work. Call at the end of every turn.
  void end_turn(TimePoint now, Actions& out);

  // When end_turn must be called again even if nothing happens; kNever when nothing is armed.
  TimePoint next_deadline() const;

  // Whether the workers' memory should be sampled at the next deadline.
  bool wants_samples(TimePoint now) const { return sample_at_ <= now; }

  PoolCounts counts() const;
  const std::vector<Slot>& slots() const { return slots_; }
  // Who is disqualified, and the world of the last strike.
  const std::map<std::uint32_t, TaskIndex>& out() const { return ledger_.out(); }
  bool finished() const { return finished_; }
  StopLevel stopping() const { return stop_; }

 private:
  // events
  void on(const SpawnFailed& event, TimePoint now, Actions& out);
  void on(const WorkerReady& event, TimePoint now, Actions& out);
  void on(const WorkerNotReady& event, TimePoint now, Actions& out);
  void on(const AttemptFailed& event, TimePoint now, Actions& out);
  void on(const WorkerGone& event, TimePoint now, Actions& out);
  void on(const ProtocolBroken& event, TimePoint now, Actions& out);
  void on(const Sampled& event, TimePoint now, Actions& out);
  void on(const Inspected& event, TimePoint now, Actions& out);
  void on(const MemorySeen& event, TimePoint now, Actions& out);
  void on(const StacksTaken& event, TimePoint now, Actions& out);
  void on(const Injured& event, TimePoint now, Actions& out);
  void on(const JournalStalled& event, TimePoint now, Actions& out);
  void on(const Committed& event, TimePoint now, Actions& out);
  void on(const JournalBroken& event, TimePoint now, Actions& out);
  void on(const StopAsked& event, TimePoint now, Actions& out);

  // workers that end (pool.cpp)
  Slot* current(const WorkerId& id);  // null: a stale message of an earlier epoch
  // What a worker's end means.
  struct Verdict {
    RecordWorkerEnd record;
    bool charge_front = true;
    bool is_injury = false;                     // joust did it itself
    std::optional<std::string> launch_failure;  // it never became ready; why
  };
  static bool is_injury(const Slot& slot, const WorkerGone& event);
  bool was_ended_with_us(const Slot& slot, const WorkerGone& event) const;
  Verdict verdict_on(const Slot& slot, const WorkerGone& event) const;
  static Verdict verdict_by_state(const Slot& slot, const WorkerGone& event);
  static void note_begun(Worker& worker, LeaseOrdinal begun);
  // Whether a world was charged.
  bool settle_leases(const WorkerId& id, Worker& worker, Cause cause, const std::string& detail,
                     bool charge_front, TimePoint now, Actions& out);
  void charge(RecordFailure failure, TimePoint now, Actions& out);
  void strike(TaskIndex task, std::uint32_t seat, Actions& out);
  void give_back_reserved(Slot& slot);
  void launch_failed(const WorkerId& id, const std::string& reason, TimePoint now, Actions& out);
  void count_death(Cause cause, const std::string& detail, TimePoint now, Actions& out);
  void end_run(Outcome outcome, std::string reason, TimePoint now, Actions& out);
  void kill_everyone(TimePoint now, Actions& out);
  void drain_everyone(TimePoint now, Actions& out);

  // deadlines and judgement (pool_watch.cpp)
  void forgive_workers(Duration gap);
  void forgive_journal(Duration gap);
  void check_journal(TimePoint now, Actions& out);
  void await_commits(TimePoint now);
  bool journal_given_up() const;
  bool journal_decides() const;  // it takes no results: nobody else is judged until it does
  void check_deadline(SlotIndex index, TimePoint now, Actions& out);
  void inspect_slow_workers(TimePoint now, Actions& out);
  void check_deadlines(TimePoint now, Actions& out);
  void arm_sampling(TimePoint now);
  bool deserves_look(const Slot& slot, TimePoint now) const;
  bool beat_is_late(const Worker& worker, TimePoint now) const;
  void judge(SlotIndex index, ProcessState state, bool used_cpu, TimePoint now, Actions& out);
  void judge_stopped(SlotIndex index, Worker& worker, TimePoint now, Actions& out);
  void kill(SlotIndex index, Cause cause, std::string detail, TimePoint now, Actions& out);
  bool wants_stacks(const Dying& dying) const;
  void signal_dying(SlotIndex index, Dying& dying, TimePoint now, Actions& out);
  void kill_for_good(SlotIndex index, Dying& dying, TimePoint now, Actions& out);
  void abandon(SlotIndex index, TimePoint now, Actions& out);
  Duration sample_period() const;

  // memory (pool_memory.cpp)
  void note_ready(Worker& worker, TimePoint now);
  void note_played(const Worker& worker, TimePoint now);
  void arm_memory_looks(TimePoint now, Actions& out);
  Duration memory_period() const;
  void take_measures(const MemorySeen& event, TimePoint now);
  void learn_expected(TimePoint now);
  std::uint64_t guess_of_worker() const;
  std::int64_t room_to_grow() const;  // left when all live workers have grown as expected
  bool memory_admits_another() const;
  void tell_memory(Actions& out);
  void enforce_limits(TimePoint now, Actions& out);
  void kill_for_memory(SlotIndex index, std::string detail, TimePoint now, Actions& out);
  bool is_short_of_memory(const MemorySeen& event) const;
  void relieve(const MemorySeen& event, TimePoint now, Actions& out);
  void let_go(SlotIndex index, const MemorySeen& event, TimePoint now, Actions& out);
  void relieve_of_lone(SlotIndex index, const MemorySeen& event, TimePoint now, Actions& out);
  std::optional<SlotIndex> most_dispensable() const;

  // handing out work (pool_dispatch.cpp)
  void staff(TimePoint now, Actions& out);
  bool staff_solo(TimePoint now, Actions& out);
  void make_way_for_solo(TimePoint now, Actions& out);
  bool ramp_allows_another() const;
  std::uint64_t unstaffed_tasks() const;
  void spawn(SlotIndex index, bool solo, TimePoint now, Actions& out);
  void dispatch(TimePoint now, Actions& out);
  void fill(SlotIndex index, TimePoint now, Actions& out);
  void give_reserved(SlotIndex index, TimePoint now, Actions& out);
  void give(SlotIndex index, Worker& worker, const Pick& pick, TimePoint now, Actions& out);
  bool recycle_if_due(SlotIndex index, TimePoint now, Actions& out);
  // `why`: it is to be replaced for that; empty: nothing more is to be played.
  void drain(SlotIndex index, std::string why, TimePoint now, Actions& out);
  std::size_t window() const;
  bool needs_workers() const;
  void retire_idle(TimePoint now, Actions& out);
  void finish_if_over(TimePoint now, Actions& out);
  void front_changed(SlotIndex index, TimePoint now);

  PoolOptions options_;
  Ledger ledger_;
  std::vector<Slot> slots_;
  StopLevel stop_ = StopLevel::none;
  std::optional<Finish> ending_;  // decided; workers are being stopped
  bool finished_ = false;         // Finish was issued
  bool journal_stalled_ = false;
  TimePoint stalled_since_{};
  TimePoint commit_deadline_ = kNever;  // armed once nothing but commits is awaited
  TimePoint last_turn_{};
  TimePoint total_deadline_ = kNever;
  TimePoint sample_at_ = kNever;
  // What is known of memory; nothing is before the first worker is ready.
  TimePoint memory_at_ = kNever;      // of the next look
  std::optional<std::int64_t> room_;  // bytes, at the last look
  double expected_ = 0;               // bytes of a worker that plays; 0: none was measured yet
  TimePoint expected_at_{};
  bool held_back_ = false;  // a slot is vacant because of memory
  bool told_held_back_ = false;
  TimePoint relief_at_ = kNever;  // when whoever was asked to go, to relieve the memory, must go
  double mean_played_ns_ = 0;     // moving average; 0: nothing was played yet
  std::uint32_t deaths_ = 0;      // since a world finished last
  std::uint32_t max_deaths_ = 0;
  unsigned launch_failures_ = 0;  // in a row, over all slots
  std::uint64_t accepted_ = 0;
  std::uint64_t quarantined_now_ = 0;
  std::map<std::uint32_t, TaskIndex> told_out_;  // who is disqualified, as far as it was told
  Committed committed_;
  PoolCounts totals_;
};

}  // namespace joust::core
