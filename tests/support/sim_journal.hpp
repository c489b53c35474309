#pragma once
// The journal of a simulated tournament: what survives the supervisor.

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "runner/core/events.hpp"
#include "runner/core/ledger.hpp"
#include "sim_random.hpp"
#include "sim_scenario.hpp"

namespace joust::sim {

// What one turn of the supervisor records; committed as a whole or not at all.
struct Batch {
  std::vector<TaskIndex> results;
  std::vector<std::pair<TaskIndex, AttemptNumber>> failures;
  std::vector<std::pair<TaskIndex, AttemptNumber>> starved;  // of the failures
  std::vector<TaskIndex> quarantines;
  std::vector<std::pair<TaskIndex, std::uint32_t>> named;  // seats, by the failures
  bool empty() const { return results.empty() && failures.empty() && quarantines.empty(); }
};

class Journal {
 public:
  explicit Journal(const Scenario& scenario) : scenario_(&scenario) {}

  // Plans this session's troubles.
  void begin_session(unsigned session, TimePoint now);
  void submit(Batch batch, TimePoint now);

  // When something happens next, and doing all of it that is due.
  TimePoint next() const;
  void advance(TimePoint now);
  // The whole job was stopped for `gap`.
  void lose(Duration gap);
  // The events of this session that the supervisor has not seen yet.
  std::vector<core::Event> take_events();
  bool has_events() const { return !events_.empty(); }
  bool stalled() const { return stalled_; }

  // How a session ends: everything is flushed, or only the first `batches` of what waits.
  void end_session(std::optional<std::size_t> batches);
  std::size_t waiting() const { return queue_.size(); }

  // Truth. Throws std::logic_error when a task would be counted twice.
  core::LedgerHistory history() const;
  const std::set<TaskIndex>& done() const { return done_; }
  const std::set<TaskIndex>& quarantined() const { return quarantined_; }
  AttemptNumber failures(TaskIndex task) const;
  const std::map<TaskIndex, std::uint32_t>& named() const { return named_; }

 private:
  struct Waiting {
    TimePoint due;
    Batch batch;
  };
  void commit(const Batch& batch);
  void plan_troubles(unsigned session, TimePoint now);

  const Scenario* scenario_;
  std::deque<Waiting> queue_;
  std::vector<core::Event> events_;
  core::Committed committed_;
  TimePoint stall_at_ = kNever;
  TimePoint recover_at_ = kNever;
  TimePoint break_at_ = kNever;
  TimePoint freeze_at_ = kNever;  // commits nothing more and says nothing
  bool stalled_ = false;
  bool dead_ = false;
  std::set<TaskIndex> done_;
  std::set<TaskIndex> quarantined_;
  std::map<TaskIndex, std::uint32_t> named_;
  std::map<TaskIndex, std::set<AttemptNumber>> failures_;
  std::set<std::pair<TaskIndex, AttemptNumber>> starved_;
};

}  // namespace joust::sim
