#include "runner/core/ledger.hpp"

#include <algorithm>

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
      failures_(std::move(history.failures)) {}

Pick Ledger::pick(TaskIndex task) const {
  const auto failed = failures_.find(task);
  const AttemptNumber attempt = failed == failures_.end() ? 1 : failed->second + 1;
  return {task, attempt, attempt > 1 && attempt >= rules_.attempts};
}

std::optional<Pick> Ledger::next_fresh() {
  while (fresh_ < rules_.tasks) {
    const TaskIndex free = std::max(done_.first_missing(fresh_), quarantined_.first_missing(fresh_));
    if (free == fresh_) return pick(fresh_++);
    fresh_ = free;
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
  while (!chosen) {
    chosen = next_fresh();
    if (!chosen) return std::nullopt;
    if (chosen->alone && !may_be_alone) {  // a poison world that an earlier session left over
      alone_.emplace(now, *chosen);
      chosen.reset();
    }
  }
  ++leased_;
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

TimePoint Ledger::next_due() const {
  TimePoint due = kNever;
  if (!waiting_.empty()) due = waiting_.begin()->first;
  if (!alone_.empty()) due = std::min(due, alone_.begin()->first);
  return due;
}

void Ledger::shift(Duration gap) {
  shift_keys(waiting_, gap);
  shift_keys(alone_, gap);
}

}  // namespace joust::core
