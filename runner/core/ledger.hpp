#pragma once
// What is to be played, what is done and what was given up: the tournament's tasks without the
// workers. A task is in exactly one of these places: not yet handed out, waiting for another try,
// leased, done, quarantined, or void (a competitor that was disqualified is seated).

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "common/disqualification.hpp"
#include "common/ids.hpp"
#include "common/shard.hpp"
#include "common/time.hpp"
#include "runner/core/interval_set.hpp"

namespace joust::core {

// One try at a task, chosen to be handed to a worker.
struct Pick {
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  bool alone = false;  // the last attempt: alone, on a fresh worker
  bool solo = false;   // its last attempt died of memory: alone among all workers
};

// What a journal says about earlier sessions.
struct LedgerHistory {
  Shard shard = {};         // whose tasks they are
  IntervalSet done;         // positions in the shard, which are close together
  IntervalSet quarantined;  // likewise
  std::unordered_map<TaskIndex, AttemptNumber>
      failures;  // charged attempts of tasks in neither set
  std::unordered_map<TaskIndex, std::uint32_t> culprits = {};  // of these: the seat named last
  std::set<TaskIndex> starved = {};  // of these: whose last failure was for want of memory
  // With the strikes of earlier sessions; nothing: nobody is ever disqualified. REQUIRES: not of a
  // shard, which knows too little.
  std::optional<Disqualification> disqualification = {};
};

struct LedgerRules {
  std::uint64_t tasks = 0;  // of the shard
  AttemptNumber attempts = 3;
  Duration retry_backoff{0};
};

class Ledger {
 public:
  Ledger(const LedgerRules& rules, LedgerHistory history);

  // The next try that may start at `now`, in the order: given back, due for another try, new. A
  // last attempt comes out only when `may_be_alone`.
  std::optional<Pick> next(TimePoint now, bool may_be_alone);

  // Whether a last attempt is due at `now`.
  bool alone_is_due(TimePoint now) const { return !alone_.empty() && alone_.begin()->first <= now; }

  // Tries that want the whole machine come last of all: whether nothing but such is left, and no
  // try is leased; and the next of them, if one may start at `now`.
  bool only_solo_left() const {
    return leased_ == 0 && !solo_.empty() && pending() == solo_.size();
  }
  std::optional<Pick> next_solo(TimePoint now);
  std::uint64_t waiting_for_solo() const { return solo_.size(); }

  // Undoes a pick: the try was never begun and will be handed out again first, at no charge.
  void give_back(const Pick& pick);

  // REQUIRES: the task is leased. False when it was done already (a bug in the caller).
  bool finish(TaskIndex task);

  struct Failure {
    TaskIndex task = 0;
    AttemptNumber attempt = 0;                  // that failed
    std::optional<std::uint32_t> culprit = {};  // the seat that the evidence names
    bool of_memory = false;                     // it died of memory
  };
  // Charges a failed attempt. True: the task was given up (quarantined); false: it waits for
  // another try, after want of memory a solo one.
  bool fail(const Failure& failure, TimePoint now);

  // Whose failure it was that the task was given up: the seat that was named last. An attempt that
  // died of something else, of which nobody is accused, clears nobody. Once; REQUIRES: fail() has
  // just returned true.
  std::optional<std::uint32_t> take_culprit(TaskIndex task);

  // The world was lost to whom sits there. What is void then is not handed out any more; tries that
  // are leased go on, and whatever comes of them is no matter. True: other competitors are out now.
  bool strike(TaskIndex task, std::uint32_t seat);
  bool is_void(TaskIndex task) const;
  // Competitors that were disqualified, and the worlds of their last strikes.
  const std::map<std::uint32_t, TaskIndex>& out() const;

  // When the next waiting try becomes due after `now`; kNever when none does. What is due already
  // waits for a worker, not for a time.
  TimePoint next_due(TimePoint now) const;

  // Moves every waiting time by `gap` (the supervisor slept).
  void shift(Duration gap);

  std::uint64_t tasks() const { return rules_.tasks; }
  std::uint64_t done() const { return done_.size(); }
  std::uint64_t quarantined() const { return quarantined_.size(); }
  std::uint64_t leased() const { return leased_; }
  // Tasks that are not played because they are void. Those that are still ahead are not known as
  // such, and count as pending.
  std::uint64_t voided() const { return passed_over_ + void_tries_.size(); }
  // Tasks that are neither done, given up, void nor leased.
  std::uint64_t pending() const { return tasks() - done() - quarantined() - voided() - leased_; }
  bool complete() const { return pending() == 0 && leased_ == 0; }

 private:
  std::optional<Pick> next_fresh();
  void find_fresh();
  bool is_all_void_from(TaskIndex task) const;
  void queue(const Pick& pick, TimePoint due);
  void queue_left_over();
  std::size_t queued() const {
    return given_back_.size() + waiting_.size() + alone_.size() + solo_.size();
  }
  void sort_out_void(bool only_more);
  std::optional<Pick> take_due(std::multimap<TimePoint, Pick>& waiting, TimePoint now);
  Pick pick(TaskIndex task) const;

  LedgerRules rules_;
  Shard shard_;
  IntervalSet done_;         // positions in the shard
  IntervalSet quarantined_;  // likewise
  std::unordered_map<TaskIndex, AttemptNumber> failures_;
  std::deque<Pick> given_back_;
  std::multimap<TimePoint, Pick> waiting_;  // by when they are due
  std::multimap<TimePoint, Pick> alone_;    // last attempts, by when they are due
  std::multimap<TimePoint, Pick> solo_;     // those that want the whole machine
  std::set<TaskIndex> starved_;             // tasks that last failed for want of memory
  std::uint64_t fresh_ = 0;  // position of the next task that was never handed out this session;
                             // below tasks() once it was looked for, unless there is none
  std::uint64_t leased_ = 0;

  // What follows is used only where competitors may be disqualified.
  std::optional<Disqualification> disqualification_;
  std::unordered_map<TaskIndex, std::uint32_t> culprits_;  // seats, of tasks that failed
  std::set<TaskIndex> in_hand_;    // leased, or waiting to be handed out again
  std::vector<Pick> void_tries_;   // that would wait, were they not void
  std::uint64_t passed_over_ = 0;  // void tasks before fresh_ that were never handed out
};

}  // namespace joust::core
