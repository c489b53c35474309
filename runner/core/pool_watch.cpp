// Deadlines, and who is to blame when one passes.

#include <fmt/format.h>

#include <algorithm>

#include "runner/core/pool.hpp"

namespace joust::core {
namespace {

// A turn that comes this much later than it should means that the supervisor itself did not run.
constexpr Duration kOwnDelay = std::chrono::milliseconds(250);
// How long the kernel may take to end a killed process before the slot goes on without it.
constexpr Duration kFencePatience = std::chrono::seconds(10);
// How long the taking of stacks may last. What takes them gives up by itself before.
constexpr Duration kStacksPatience = std::chrono::seconds(3);
// How long a commit may take while results pile up.
constexpr Duration kJournalPatience = std::chrono::minutes(2);

std::string seconds(Duration duration) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
}

}  // namespace

// A sleep is forgiven from the moment at which this turn was due. What of it lies before that
// moment cannot be told from waiting, so one sleep costs a worker that starts or plays up to a
// sample period of its patience: a quarter of the shortest time-out. (One that is being ended may
// lose its grace.) Forgiving that part too would keep a supervisor that is late in every turn from
// ever judging anybody.
void Pool::begin_turn(TimePoint now) {
  const TimePoint expected = std::max(last_turn_, std::min(next_deadline(), now));
  const Duration delay = now - expected;
  const Duration slept = delay > kOwnDelay ? delay : Duration::zero();
  // workers that cannot hand in their results are not late
  forgive_workers(journal_decides() ? now - last_turn_ : slept);
  forgive_journal(slept);
  last_turn_ = now;
}

void Pool::forgive_workers(Duration gap) {
  if (gap == Duration::zero()) return;
  for (Slot& slot : slots_) shift_times(slot, gap);
  ledger_.shift(gap);
  if (total_deadline_ != kNever) total_deadline_ += gap;
}

void Pool::forgive_journal(Duration gap) {
  if (journal_stalled_) stalled_since_ += gap;
  if (commit_deadline_ != kNever) commit_deadline_ += gap;
}

void Pool::end_turn(TimePoint now, Actions& out) {
  if (finished_) return;
  if (!journal_given_up()) check_journal(now, out);
  if (!journal_decides()) check_deadlines(now, out);
  staff(now, out);
  dispatch(now, out);
  retire_idle(now, out);
  arm_sampling(now);
  arm_memory_looks(now, out);
  finish_if_over(now, out);
}

void Pool::check_deadlines(TimePoint now, Actions& out) {
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    if (deadline_of(slots_[index]) <= now) check_deadline(index, now, out);
  }
  inspect_slow_workers(now, out);
  if (total_deadline_ > now) return;
  total_deadline_ = kNever;
  end_run(Outcome::deadline,
          fmt::format("the run's deadline of {} passed", seconds(options_.total_deadline)), now,
          out);
}

void Pool::arm_sampling(TimePoint now) {
  const bool watching = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    const Worker* worker = live_worker(slot);
    return worker != nullptr && !std::holds_alternative<Dying>(slot.state) &&
           (!worker->leases.empty() || std::holds_alternative<Starting>(slot.state));
  });
  if (!watching) {
    sample_at_ = kNever;
  } else if (sample_at_ == kNever || sample_at_ <= now) {
    sample_at_ = now + sample_period();
  }
}

TimePoint Pool::next_deadline() const {
  if (finished_) return kNever;
  // the journal's patience is long: a turn now and then shows whether the supervisor slept, too
  const TimePoint soon = last_turn_ + sample_period();
  if (journal_decides()) return std::min(stalled_since_ + kJournalPatience, soon);
  TimePoint next = std::min({sample_at_, memory_at_, total_deadline_, commit_deadline_});
  if (commit_deadline_ != kNever) next = std::min(next, soon);
  for (const Slot& slot : slots_) next = std::min(next, deadline_of(slot));
  if (!ending_) next = std::min(next, ledger_.next_due(last_turn_));
  return next;
}

Duration Pool::sample_period() const {
  const Duration shortest = std::min(options_.stall_timeout, options_.frozen_timeout);
  return std::clamp<Duration>(shortest / 4, std::chrono::milliseconds(10), std::chrono::seconds(1));
}

bool Pool::journal_given_up() const {
  return ending_ && ending_->outcome == Outcome::journal_error;
}

bool Pool::journal_decides() const { return journal_stalled_ && !journal_given_up(); }

void Pool::await_commits(TimePoint now) {
  if (commit_deadline_ == kNever) commit_deadline_ = now + kJournalPatience;
}

void Pool::check_journal(TimePoint now, Actions& out) {
  const bool stuck = journal_stalled_ && now - stalled_since_ >= kJournalPatience;
  if (!stuck && commit_deadline_ > now) return;
  commit_deadline_ = kNever;
  end_run(Outcome::journal_error,
          fmt::format("the journal has recorded nothing for {}", seconds(kJournalPatience)), now,
          out);
}

void Pool::check_deadline(SlotIndex index, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  if (std::holds_alternative<CoolingDown>(slot.state)) {
    slot.state = Vacant{};
  } else if (std::holds_alternative<Starting>(slot.state)) {
    kill(index, Cause::launch_failed,
         fmt::format("it was not ready after {}", seconds(options_.start_timeout)), now, out);
  } else if (std::holds_alternative<Busy>(slot.state)) {
    kill(index, Cause::timed_out,
         fmt::format("the world did not end within {}", seconds(options_.world_deadline)), now,
         out);
  } else if (auto* draining = std::get_if<Draining>(&slot.state)) {
    const bool plays = !draining->worker.leases.empty() &&
                       draining->worker.leases.front().ordinal <= draining->worker.begun;
    kill(index, plays ? Cause::timed_out : Cause::cancelled, "it did not stop when asked to", now,
         out);
  } else if (auto* dying = std::get_if<Dying>(&slot.state)) {
    if (dying->ending == Ending::killed) {
      abandon(index, now, out);
    } else if (dying->ending == Ending::asked) {
      kill_for_good(index, *dying, now, out);
    } else {
      signal_dying(index, *dying, now, out);
    }
  }
}

void Pool::kill_for_good(SlotIndex index, Dying& dying, TimePoint now, Actions& out) {
  dying.ending = Ending::killed;
  dying.deadline = now + kFencePatience;
  out.emplace_back(Kill{{index, dying.worker.epoch}, dying.cause});
}

// Not even SIGKILL ends the worker now: whatever it still does, it does without a lease.
void Pool::abandon(SlotIndex index, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  Dying dying = std::move(std::get<Dying>(slot.state));
  const WorkerId id{index, dying.worker.epoch};
  ++totals_.workers_lost;
  if (core::is_injury(dying)) {
    dying.cause = Cause::cancelled;
    dying.detail = kInjuredByStop;
  }
  settle_leases(id, dying.worker, dying.cause, dying.detail, charges_front(dying), now, out);
  const std::string detail = dying.detail + "; the kernel did not end it after SIGKILL";
  out.emplace_back(RecordWorkerEnd{id, true, dying.cause, detail});
  out.emplace_back(Abandon{id});
  slot.state = Vacant{};
  if (dying.cause == Cause::launch_failed) {
    launch_failed(id, detail, now, out);
  } else if (dying.cause != Cause::cancelled) {
    count_death(dying.cause, detail, now, out);
  }
}

void Pool::kill(SlotIndex index, Cause cause, std::string detail, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  Worker worker = std::move(*live_worker(slot));
  const WorkerId id{index, worker.epoch};
  const LeaseOrdinal blamed = worker.leases.empty() ? 0 : worker.leases.front().ordinal;
  Dying& dying = slot.state.emplace<Dying>(
      Dying{std::move(worker), cause, std::move(detail), blamed, Ending::examined, now});
  if (!wants_stacks(dying)) {
    signal_dying(index, dying, now, out);
    return;
  }
  const Pick& pick = dying.worker.leases.front().pick;
  dying.deadline = now + kStacksPatience;
  out.emplace_back(TakeStacks{id, pick.task, pick.attempt});
}

// Whoever is found stuck in a world: where, is what its author needs to know.
bool Pool::wants_stacks(const Dying& dying) const {
  const bool is_stuck = dying.cause == Cause::stalled || dying.cause == Cause::frozen ||
                        dying.cause == Cause::timed_out;
  return is_stuck && stop_ != StopLevel::now && !dying.worker.leases.empty() &&
         !core::is_injury(dying);
}

void Pool::on(const StacksTaken& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  auto* dying = slot == nullptr ? nullptr : std::get_if<Dying>(&slot->state);
  if (dying == nullptr || dying->ending != Ending::examined) return;
  signal_dying(event.worker.slot, *dying, now, out);
}

void Pool::signal_dying(SlotIndex index, Dying& dying, TimePoint now, Actions& out) {
  const bool politely = options_.terminate_grace > Duration::zero() &&
                        dying.cause != Cause::protocol_violation && stop_ != StopLevel::now;
  if (!politely) {
    kill_for_good(index, dying, now, out);
    return;
  }
  dying.ending = Ending::asked;
  dying.deadline = now + options_.terminate_grace;
  out.emplace_back(Terminate{{index, dying.worker.epoch}, dying.cause});
}

void Pool::on(const Sampled& event, TimePoint now, Actions&) {
  Slot* slot = current(event.worker);
  if (slot == nullptr) return;
  Worker& worker = *live_worker(*slot);
  if (event.begun > worker.given) return;  // nonsense; the deadlines will judge it
  worker.begun = std::max(worker.begun, event.begun);
  if (worker.leases.empty() || worker.leases.front().ordinal != event.begun) return;
  if (event.beats != worker.watch.beats) {
    worker.watch.beats = event.beats;
    worker.watch.beat_at = now;
    worker.watch.stopped_since.reset();
  }
}

bool Pool::beat_is_late(const Worker& worker, TimePoint now) const {
  return worker.watch.beats > 0 && now - worker.watch.beat_at >= options_.stall_timeout;
}

bool Pool::deserves_look(const Slot& slot, TimePoint now) const {
  if (std::holds_alternative<Dying>(slot.state)) return false;
  const Worker* worker = live_worker(slot);
  if (worker == nullptr) return false;
  if (worker->leases.empty() && !std::holds_alternative<Starting>(slot.state)) return false;
  const Duration quiet = now - std::max(worker->watch.since, worker->watch.beat_at);
  return quiet >= sample_period();
}

void Pool::inspect_slow_workers(TimePoint now, Actions& out) {
  if (sample_at_ > now) return;
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    if (!deserves_look(slots_[index], now)) continue;
    out.emplace_back(Inspect{{index, live_worker(slots_[index])->epoch}});
  }
}

void Pool::on(const Inspected& event, TimePoint now, Actions& out) {
  Slot* slot = current(event.worker);
  if (slot == nullptr || !deserves_look(*slot, now)) return;
  Worker& worker = *live_worker(*slot);
  const bool first_look = !worker.watch.inspected;
  const bool used_cpu = event.cpu != worker.watch.cpu;
  worker.watch.inspected = true;
  worker.watch.cpu = event.cpu;
  if (event.state == ProcessState::stopped) {
    judge_stopped(event.worker.slot, worker, now, out);
    return;
  }
  if (worker.watch.stopped_since) {  // continued: the time it was stopped is not time it was quiet
    worker.watch.stopped_since.reset();
    worker.watch.beat_at = now;
  }
  if (!first_look && beat_is_late(worker, now)) {
    judge(event.worker.slot, event.state, used_cpu, now, out);
  }
}

void Pool::judge_stopped(SlotIndex index, Worker& worker, TimePoint now, Actions& out) {
  if (!worker.watch.stopped_since) {
    worker.watch.stopped_since = now;
  } else if (now - *worker.watch.stopped_since >= options_.frozen_timeout) {
    kill(index, Cause::frozen,
         fmt::format("the process was stopped for {}", seconds(now - *worker.watch.stopped_since)),
         now, out);
  }
}

void Pool::judge(SlotIndex index, ProcessState state, bool used_cpu, TimePoint now, Actions& out) {
  Worker& worker = *live_worker(slots_[index]);
  const std::string quiet = seconds(now - worker.watch.beat_at);
  switch (state) {
    case ProcessState::running:
      if (!used_cpu) {  // it would run if the host let it: give it another period
        worker.watch.beat_at = now;
        return;
      }
      kill(index, Cause::stalled, fmt::format("spinning: no progress for {}", quiet), now, out);
      return;
    case ProcessState::sleeping:
      kill(index, Cause::stalled,
           fmt::format("{}: no progress for {}", used_cpu ? "spinning" : "blocked", quiet), now,
           out);
      return;
    case ProcessState::in_kernel:
      kill(index, Cause::stalled, fmt::format("in the kernel (state D): no progress for {}", quiet),
           now, out);
      return;
    case ProcessState::stopped:
    case ProcessState::gone:  // the sentinel will tell
      return;
  }
}

}  // namespace joust::core
