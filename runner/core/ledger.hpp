#pragma once
// What is to be played, what is done and what was given up: the tournament's tasks without the workers.
// A task is in exactly one of these places: not yet handed out, waiting for another try, leased, done,
// or quarantined.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

#include "common/ids.hpp"
#include "common/time.hpp"
#include "runner/core/interval_set.hpp"

namespace joust::core {

// One try at a task, chosen to be handed to a worker.
struct Pick {
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  bool alone = false;  // the last attempt: alone, on a fresh worker
};

// What a journal says about earlier sessions.
struct LedgerHistory {
  IntervalSet done;
  IntervalSet quarantined;
  std::unordered_map<TaskIndex, AttemptNumber> failures;  // charged attempts of tasks in neither set
};

struct LedgerRules {
  std::uint64_t tasks = 0;
  AttemptNumber attempts = 3;
  Duration retry_backoff{0};
};

class Ledger {
 public:
  Ledger(const LedgerRules& rules, LedgerHistory history);

  // The next try that may start at `now`, in the order: given back, due for another try, new. A last
  // attempt comes out only when `may_be_alone`.
  std::optional<Pick> next(TimePoint now, bool may_be_alone);

  // Whether a last attempt is due at `now`.
  bool alone_is_due(TimePoint now) const { return !alone_.empty() && alone_.begin()->first <= now; }

  // Undoes a pick: the try was never begun and will be handed out again first, at no charge.
  void give_back(const Pick& pick);

  // REQUIRES: the task is leased. False when it was done already (a bug in the caller).
  bool finish(TaskIndex task);

  // Charges a failed attempt. True: the task was given up (quarantined); false: it waits for another
  // try. `attempt` is the try that failed.
  bool fail(TaskIndex task, AttemptNumber attempt, TimePoint now);

  // When the earliest waiting try becomes due; kNever when none waits.
  TimePoint next_due() const;

  // Moves every waiting time by `gap` (the supervisor slept).
  void shift(Duration gap);

  std::uint64_t tasks() const { return rules_.tasks; }
  std::uint64_t done() const { return done_.size(); }
  std::uint64_t quarantined() const { return quarantined_.size(); }
  std::uint64_t leased() const { return leased_; }
  // Tasks that are neither done, given up nor leased.
  std::uint64_t pending() const { return tasks() - done() - quarantined() - leased_; }
  bool complete() const { return done() + quarantined() == tasks(); }

 private:
  std::optional<Pick> next_fresh();
  std::optional<Pick> take_due(std::multimap<TimePoint, Pick>& waiting, TimePoint now);
  Pick pick(TaskIndex task) const;

  LedgerRules rules_;
  IntervalSet done_;
  IntervalSet quarantined_;
  std::unordered_map<TaskIndex, AttemptNumber> failures_;
  std::deque<Pick> given_back_;
  std::multimap<TimePoint, Pick> waiting_;  // by when they are due
  std::multimap<TimePoint, Pick> alone_;    // last attempts, by when they are due
  TaskIndex fresh_ = 0;                     // no task from here on was ever handed out this session
  std::uint64_t leased_ = 0;
};

}  // namespace joust::core
