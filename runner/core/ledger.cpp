#include "runner/core/ledger.hpp"

#include <algorithm>
#include <set>

namespace joust::core {
namespace {

constexpr unsigned kMostDoublings = 10;

void shift_keys(std::multimap<TimePoint, Pick>& waiting, Duration gap) {
  std::multimap<TimePoint, Pick> moved;
  for (const auto& [due, pick] : waiting) moved.emplace_hint(moved.end(), due + gap, pick);
  waiting = std::move(moved);
}

}  // namespace

Ledger::Ledger(const LedgerRules& rules, LedgerHistory history)
    : rules_(rules),
      done_(std::move(history.done)),
      quarantined_(std::move(history.quarantined)),
      failures_(std::move(history.failures)) {
  // tries that earlier sessions left over are due at once, in the order of their tasks
  std::set<TaskIndex> failed;
  for (const auto& [task, attempts] : failures_) failed.insert(task);
  for (const TaskIndex task : failed) {
    const Pick again = pick(task);
    (again.alone ? alone_ : waiting_).emplace(TimePoint::min(), again);
  }
}

Pick Ledger::pick(TaskIndex task) const {
  const auto failed = failures_.find(task);
  const AttemptNumber attempt = failed == failures_.end() ? 1 : failed->second + 1;
  return {task, attempt, attempt > 1 && attempt >= rules_.attempts};
}

std::optional<Pick> Ledger::next_fresh() {
  while (fresh_ < rules_.tasks) {
    const TaskIndex free =
        std::max(done_.first_missing(fresh_), quarantined_.first_missing(fresh_));
    if (free != fresh_) {
      fresh_ = free;
    } else if (failures_.contains(fresh_)) {
      ++fresh_;  // waits for another try, or is having it
    } else {
      return pick(fresh_++);
    }
  }
  return std::nullopt;
}

std::optional<Pick> Ledger::take_due(std::multimap<TimePoint, Pick>& waiting, TimePoint now) {
  if (waiting.empty() || waiting.begin()->first > now) return std::nullopt;
  const Pick due = waiting.begin()->second;
  waiting.erase(waiting.begin());
  return due;
}

std::optional<Pick> Ledger::next(TimePoint now, bool may_be_alone) {
  std::optional<Pick> chosen;
  if (may_be_alone) chosen = take_due(alone_, now);
  if (!chosen && !given_back_.empty()) {
    chosen = given_back_.front();
    given_back_.pop_front();
  }
  if (!chosen) chosen = take_due(waiting_, now);
  if (!chosen) chosen = next_fresh();
  if (chosen) ++leased_;
  return chosen;
}

void Ledger::give_back(const Pick& pick) {
  --leased_;
  if (pick.alone) {
    alone_.emplace(TimePoint::min(), pick);
  } else {
    given_back_.push_back(pick);
  }
}

bool Ledger::finish(TaskIndex task) {
  --leased_;
  failures_.erase(task);
  return done_.insert(task);
}

bool Ledger::fail(TaskIndex task, AttemptNumber attempt, TimePoint now) {
  --leased_;
  failures_[task] = attempt;
  if (attempt >= rules_.attempts) {
    quarantined_.insert(task);
    failures_.erase(task);
    return true;
  }
  const Pick again = pick(task);
  const Duration wait = rules_.retry_backoff * (1LL << std::min(attempt - 1, kMostDoublings));
  (again.alone ? alone_ : waiting_).emplace(now + wait, again);
  return false;
}

TimePoint Ledger::next_due(TimePoint now) const {
  TimePoint due = kNever;
  for (const auto* tries : {&waiting_, &alone_}) {
    const auto next = tries->upper_bound(now);
    if (next != tries->end()) due = std::min(due, next->first);
  }
  return due;
}

void Ledger::shift(Duration gap) {
  shift_keys(waiting_, gap);
  shift_keys(alone_, gap);
}

}  // namespace joust::core
