#include "sim_journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace joust::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kJournalStream = 5;

}  // namespace

void Journal::begin_session(unsigned session, TimePoint now) {
  queue_.clear();
  events_.clear();
  committed_ = {};
  stalled_ = false;
  dead_ = false;
  stall_at_ = recover_at_ = break_at_ = freeze_at_ = kNever;
  plan_troubles(session, now);
}

void Journal::plan_troubles(unsigned session, TimePoint now) {
  Random random = Random::of({kJournalStream, scenario_->seed, session});
  if (session >= scenario_->calm_from || !random.percent(scenario_->journal_trouble)) return;
  const Duration busy = std::max<Duration>(1s, 4 * scenario_->longest_world);
  const TimePoint when = now + random.of_any_size(1ms, std::min<Duration>(busy, 10min));
  const std::uint64_t kind = scenario_->healthy ? 0 : random.below(8);
  if (kind == 6) {
    break_at_ = when;
  } else if (kind == 7) {
    freeze_at_ = when;
  } else {
    // with sleeps of everybody in between, each of which costs the journal a moment of the core's
    // patience, a healthy one must stay well below that
    stall_at_ = when;
    recover_at_ = when + random.of_any_size(1ms, scenario_->healthy ? 60s : 200s);
  }
}

void Journal::submit(Batch batch, TimePoint now) {
  if (batch.empty()) return;
  queue_.push_back({now + scenario_->commit_delay, std::move(batch)});
}

TimePoint Journal::next() const {
  if (dead_) return kNever;
  TimePoint next = std::min({stall_at_, recover_at_, break_at_, freeze_at_});
  if (!stalled_ && !queue_.empty()) next = std::min(next, queue_.front().due);
  return next;
}

void Journal::advance(TimePoint now) {
  if (dead_) return;
  if (break_at_ <= now) {
    events_.emplace_back(core::JournalBroken{"disk error", false});
    dead_ = true;
    return;
  }
  if (freeze_at_ <= now) {
    dead_ = true;
    return;
  }
  if (stall_at_ <= now) {
    events_.emplace_back(core::JournalStalled{true});
    stalled_ = true;
    stall_at_ = kNever;
  }
  if (recover_at_ <= now) {
    events_.emplace_back(core::JournalStalled{false});
    stalled_ = false;
    recover_at_ = kNever;
  }
  bool committed = false;
  while (!stalled_ && !queue_.empty() && queue_.front().due <= now) {
    commit(queue_.front().batch);
    queue_.pop_front();
    committed = true;
  }
  if (committed) events_.emplace_back(committed_);
}

void Journal::lose(Duration gap) {
  for (TimePoint* time : {&stall_at_, &recover_at_, &break_at_, &freeze_at_}) {
    if (*time != kNever) *time += gap;
  }
  for (Waiting& waiting : queue_) waiting.due += gap;
}

std::vector<core::Event> Journal::take_events() { return std::exchange(events_, {}); }

void Journal::end_session(std::optional<std::size_t> batches) {
  const std::size_t kept = batches.value_or(queue_.size());
  for (std::size_t i = 0; i < std::min(kept, queue_.size()); ++i) commit(queue_[i].batch);
  queue_.clear();
}

void Journal::commit(const Batch& batch) {
  for (const TaskIndex task : batch.results) {
    if (quarantined_.contains(task) || !done_.insert(task).second) {
      throw std::logic_error(fmt::format("task {} would be counted twice", task));
    }
  }
  for (const auto& [task, attempt] : batch.failures) {
    if (!failures_[task].insert(attempt).second) {
      throw std::logic_error(fmt::format("attempt {} of task {} failed twice", attempt, task));
    }
  }
  for (const TaskIndex task : batch.quarantines) {
    if (done_.contains(task) || !quarantined_.insert(task).second) {
      throw std::logic_error(fmt::format("task {} would be given up twice", task));
    }
  }
  for (const auto& [task, seat] : batch.named) named_[task] = seat;
  starved_.insert(batch.starved.begin(), batch.starved.end());
  committed_.results += batch.results.size();
  committed_.quarantines += batch.quarantines.size();
}

core::LedgerHistory Journal::history() const {
  core::LedgerHistory history;
  for (const TaskIndex task : done_) history.done.insert(task);
  for (const TaskIndex task : quarantined_) history.quarantined.insert(task);
  for (const auto& [task, attempts] : failures_) {
    if (done_.contains(task) || quarantined_.contains(task)) continue;
    history.failures.emplace(task, static_cast<AttemptNumber>(attempts.size()));
    if (starved_.contains({task, *attempts.rbegin()})) history.starved.insert(task);
  }
  if (scenario_->disqualify_after > 0) {
    auto& out = history.disqualification.emplace(seating(), scenario_->disqualify_after);
    for (const TaskIndex task : done_) {
      if (const auto seat = struck_seat(*scenario_, task)) out.strike_seat(task, *seat);
    }
    for (const auto& [task, seat] : named_) {
      if (quarantined_.contains(task)) out.strike_seat(task, seat);
      if (history.failures.contains(task)) history.culprits.emplace(task, seat);
    }
  }
  return history;
}

AttemptNumber Journal::failures(TaskIndex task) const {
  const auto found = failures_.find(task);
  return found == failures_.end() ? 0 : static_cast<AttemptNumber>(found->second.size());
}

}  // namespace joust::sim
