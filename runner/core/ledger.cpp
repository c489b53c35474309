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
      shard_(history.shard),
      done_(std::move(history.done)),
      quarantined_(std::move(history.quarantined)),
      failures_(std::move(history.failures)),
      starved_(std::move(history.starved)),
      disqualification_(std::move(history.disqualification)),
      culprits_(std::move(history.culprits)) {
  queue_left_over();
  if (disqualification_) find_fresh();
}

// Tries that earlier sessions left over are due at once, in the order of their tasks.
void Ledger::queue_left_over() {
  std::set<TaskIndex> failed;
  for (const auto& [task, attempts] : failures_) failed.insert(task);
  for (const TaskIndex task : failed) queue(pick(task), TimePoint::min());
  if (disqualification_) in_hand_ = std::move(failed);
}

Pick Ledger::pick(TaskIndex task) const {
  const auto failed = failures_.find(task);
  const AttemptNumber attempt = failed == failures_.end() ? 1 : failed->second + 1;
  const bool solo = starved_.contains(task);
  return {task, attempt, solo || (attempt > 1 && attempt >= rules_.attempts), solo};
}

// Moves fresh_ on to a task that may be handed out.
void Ledger::find_fresh() {
  while (fresh_ < rules_.tasks) {
    const TaskIndex task = shard_.task(fresh_);
    const std::uint64_t free =
        std::max(done_.first_missing(fresh_), quarantined_.first_missing(fresh_));
    if (free != fresh_) {
      fresh_ = free;
    } else if (failures_.contains(task) || in_hand_.contains(task)) {
      ++fresh_;  // waits for another try, or is having it
    } else if (is_all_void_from(task)) {
      passed_over_ = tasks() - done() - quarantined() - leased_ - queued() - void_tries_.size();
      fresh_ = rules_.tasks;
    } else if (is_void(task)) {
      ++passed_over_;
      ++fresh_;
    } else {
      return;
    }
  }
}

std::optional<Pick> Ledger::next_fresh() {
  find_fresh();
  if (fresh_ >= rules_.tasks) return std::nullopt;
  const TaskIndex task = shard_.task(fresh_++);
  if (disqualification_) in_hand_.insert(task);
  return pick(task);
}

bool Ledger::is_void(TaskIndex task) const {
  return disqualification_ && disqualification_->void_for(task).has_value();
}

bool Ledger::is_all_void_from(TaskIndex task) const {
  if (!disqualification_ || !disqualification_->too_few_left()) return false;
  const auto& out = disqualification_->out();
  return std::all_of(out.begin(), out.end(),
                     [task](const auto& each) { return each.second < task; });
}

void Ledger::queue(const Pick& pick, TimePoint due) {
  if (is_void(pick.task)) {
    void_tries_.push_back(pick);
  } else {
    (pick.solo ? solo_ : pick.alone ? alone_ : waiting_).emplace(due, pick);
  }
}

bool Ledger::strike(TaskIndex task, std::uint32_t seat) {
  using Change = Disqualification::Change;
  if (!disqualification_) return false;
  const Change change = disqualification_->strike_seat(task, seat);
  if (change != Change::none) sort_out_void(change == Change::more);
  return change != Change::none;
}

const std::map<std::uint32_t, TaskIndex>& Ledger::out() const {
  static const std::map<std::uint32_t, TaskIndex> nobody;
  return disqualification_ ? disqualification_->out() : nobody;
}

// Other tasks are void than before; seldom not only more: a strike of somebody turned out to be in
// a void world.
void Ledger::sort_out_void(bool only_more) {
  std::vector<Pick> tries = std::move(void_tries_);
  void_tries_.clear();
  const auto now_void = [this](const Pick& pick) {
    if (!is_void(pick.task)) return false;
    void_tries_.push_back(pick);
    return true;
  };
  std::erase_if(given_back_, now_void);
  for (auto* waiting : {&waiting_, &alone_, &solo_}) {
    std::erase_if(*waiting, [&](const auto& due) { return now_void(due.second); });
  }
  for (const Pick& pick : tries) queue(pick, TimePoint::min());
  if (!only_more) {
    fresh_ = 0;
    passed_over_ = 0;
  }
  find_fresh();
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
  if (disqualification_) find_fresh();  // else a rest that is void would pass for work to do
  return chosen;
}

std::optional<Pick> Ledger::next_solo(TimePoint now) {
  const std::optional<Pick> chosen = take_due(solo_, now);
  if (chosen) ++leased_;
  if (disqualification_) find_fresh();
  return chosen;
}

void Ledger::give_back(const Pick& pick) {
  --leased_;
  if (pick.alone || is_void(pick.task)) {
    queue(pick, TimePoint::min());
  } else {
    given_back_.push_back(pick);
  }
}

bool Ledger::finish(TaskIndex task) {
  --leased_;
  failures_.erase(task);
  starved_.erase(task);
  culprits_.erase(task);
  in_hand_.erase(task);
  return done_.insert(shard_.position(task));
}

bool Ledger::fail(const Failure& failure, TimePoint now) {
  const auto& [task, attempt, culprit, of_memory] = failure;
  --leased_;
  if (disqualification_ && culprit) culprits_[task] = *culprit;
  failures_[task] = attempt;
  starved_.erase(task);
  if (attempt >= rules_.attempts) {
    quarantined_.insert(shard_.position(task));
    failures_.erase(task);
    in_hand_.erase(task);
    return true;
  }
  if (of_memory) starved_.insert(task);
  queue(pick(task), now + rules_.retry_backoff * (1LL << std::min(attempt - 1, kMostDoublings)));
  return false;
}

std::optional<std::uint32_t> Ledger::take_culprit(TaskIndex task) {
  const auto found = culprits_.find(task);
  if (found == culprits_.end()) return std::nullopt;
  const std::uint32_t culprit = found->second;
  culprits_.erase(found);
  return culprit;
}

TimePoint Ledger::next_due(TimePoint now) const {
  TimePoint due = kNever;
  for (const auto* tries : {&waiting_, &alone_, &solo_}) {
    const auto next = tries->upper_bound(now);
    if (next != tries->end()) due = std::min(due, next->first);
  }
  return due;
}

void Ledger::shift(Duration gap) {
  shift_keys(waiting_, gap);
  shift_keys(alone_, gap);
  shift_keys(solo_, gap);
}

}  // namespace joust::core
