#include "sim_process.hpp"

#include <algorithm>

namespace joust::sim {
namespace {

using namespace std::chrono_literals;

constexpr int kSigKill = 9;
constexpr int kSigSegv = 11;

void move_by(TimePoint& time, Duration gap) {
  if (time != kNever) time += gap;
}

}  // namespace

Process::Process(const core::WorkerId& id, const Scenario& scenario, const Temper& temper,
                 TimePoint now)
    : id_(id), scenario_(&scenario), temper_(temper), act_at_(now + temper.start_delay) {
  if (temper.own_death != Duration::max()) die_at_ = now + temper.own_death;
  if (temper.start == Start::never_ready) act_at_ = kNever;
}

void Process::give(const core::Give& give, TimePoint now) {
  ring_.push_back(give);
  if (activity_ == Activity::idle && !dead_) take_next(now);
}

void Process::ask_to_stop(TimePoint now) {
  stop_asked_ = true;
  if (activity_ == Activity::idle && !dead_) take_next(now);
}

void Process::kill(TimePoint now) { kill_at_ = std::min(kill_at_, now + temper_.kill_delay); }

TimePoint Process::next() const {
  if (dead_) return kNever;
  const TimePoint act_at = stopped_at_ ? kNever : act_at_;
  return std::min({act_at, die_at_, kill_at_, thaw_at_});
}

void Process::advance(TimePoint now) {
  while (next() <= now) {
    const TimePoint at = next();
    if (at == kill_at_) {
      die(true, kSigKill);
    } else if (at == die_at_) {
      died_by_itself_ = true;
      die(true, kSigSegv);
    } else if (at == thaw_at_) {
      thaw(at);
    } else {
      act(at);
    }
  }
}

void Process::lose(Duration gap) {
  for (TimePoint* time : {&act_at_, &die_at_, &kill_at_, &thaw_at_}) move_by(*time, gap);
  if (stopped_at_) *stopped_at_ += gap;
  if (playing_) playing_->begun_at += gap;
}

Duration Process::active(TimePoint now) const {
  return stopped_at_.value_or(now) - playing_->begun_at - playing_->lost;
}

core::Sampled Process::sample(TimePoint now) const {
  core::Sampled sampled{id_, begun_, 0};
  if (playing_ && playing_->plan.beat_period > Duration::zero()) {
    const Duration until = std::min(active(now), playing_->plan.quiet_from);
    sampled.beats = static_cast<std::uint32_t>(until / playing_->plan.beat_period);
  }
  return sampled;
}

core::Inspected Process::inspect(TimePoint now) {
  core::Inspected seen{id_, core::ProcessState::sleeping, cpu_};
  if (dead_) {
    seen.state = core::ProcessState::gone;
  } else if (stopped_at_) {
    seen.state = core::ProcessState::stopped;
  } else if (activity_ == Activity::hung && playing_->plan.fate != Fate::hang_spinning) {
    if (playing_->plan.fate == Fate::hang_in_kernel) seen.state = core::ProcessState::in_kernel;
  } else if (activity_ == Activity::playing || activity_ == Activity::hung) {
    seen.state = core::ProcessState::running;
    const bool starves =
        playing_->plan.fate == Fate::starve && active(now) >= playing_->plan.quiet_from;
    if (!starves) cpu_ += 1ms;
    seen.cpu = cpu_;
  }
  return seen;
}

std::uint64_t Process::memory() const {
  if (dead_) return 0;
  const std::uint64_t taken = playing_ ? task_memory(*scenario_, playing_->give.task) : 0;
  return kIdleMemory + kept_ + taken;
}

void Process::starve() {
  starved_ = true;
  die(true, kSigKill);
}

void Process::act(TimePoint now) {
  switch (activity_) {
    case Activity::starting:
      return start_up(now);
    case Activity::playing:
      return meet_fate(now);
    case Activity::exiting:
      return die(false, temper_.exit_code);
    case Activity::idle:
    case Activity::hung:
      act_at_ = kNever;
      return;
  }
}

void Process::start_up(TimePoint now) {
  if (temper_.start == Start::exits) {
    died_by_itself_ = true;
    return die(false, 1);
  }
  if (temper_.start == Start::cannot_build) {
    messages_.emplace_back(NotReadyMessage{});
    activity_ = Activity::exiting;
    act_at_ = now + 1ms;
    return;
  }
  messages_.emplace_back(ReadyMessage{});
  take_next(now);
}

void Process::take_next(TimePoint now) {
  if (playing_) kept_ += task_memory(*scenario_, playing_->give.task) * scenario_->leaks / 100;
  playing_.reset();
  activity_ = Activity::idle;
  act_at_ = kNever;
  if (stop_asked_) {
    activity_ = Activity::exiting;
    if (!temper_.deaf) act_at_ = now + 1ms;
    return;
  }
  if (ring_.empty()) return;
  const core::Give give = ring_.front();
  ring_.pop_front();
  begun_ = give.ordinal;
  playing_ = Playing{give, attempt_plan(*scenario_, give.task, give.attempt), now};
  activity_ = Activity::playing;
  const AttemptPlan& plan = playing_->plan;
  act_at_ = now + (plan.pause > Duration::zero() ? plan.stops_after : plan.lasts);
}

void Process::meet_fate(TimePoint now) {
  const AttemptPlan& plan = playing_->plan;
  const core::Give give = playing_->give;
  if (plan.pause > Duration::zero() && !playing_->has_stopped) return stop(now);
  switch (plan.fate) {
    case Fate::finish:
    case Fate::pause:
    case Fate::starve:
    case Fate::dawdle:
    case Fate::freeze:
      claim(give.ordinal, give.task);
      return take_next(now);
    case Fate::finish_then_die:
      claim(give.ordinal, give.task);
      died_by_itself_ = true;
      return die(true, kSigSegv);
    default:
      return meet_bad_fate(now);
  }
}

void Process::meet_bad_fate(TimePoint now) {
  const core::Give give = playing_->give;
  switch (playing_->plan.fate) {
    case Fate::crash:
      return die(true, kSigSegv);
    case Fate::leave:
      return die(false, 7);
    case Fate::world_error:
      fail(Cause::world_error);
      break;
    case Fate::result_too_large:
      fail(Cause::result_too_large);
      break;
    case Fate::claim_twice:
      misbehaved_ = true;
      claim(give.ordinal, give.task);
      claim(give.ordinal, give.task);
      break;
    case Fate::claim_other_task:
      misbehaved_ = true;
      claim(give.ordinal, give.task + 1);
      break;
    case Fate::claim_other_lease:
      misbehaved_ = true;
      claim(give.ordinal + 1, give.task);
      break;
    case Fate::garbage:
      misbehaved_ = true;
      messages_.emplace_back(GarbageMessage{});
      break;
    default:
      activity_ = Activity::hung;
      act_at_ = kNever;
      return;
  }
  take_next(now);
}

void Process::claim(LeaseOrdinal ordinal, TaskIndex task) {
  core::ResultClaim result{id_, ordinal, task, playing_->give.attempt, playing_->plan.lasts};
  if (const auto seat = struck_seat(*scenario_, task)) result.forfeits = {*seat};
  messages_.emplace_back(std::move(result));
}

void Process::fail(Cause cause) {
  const core::Give& give = playing_->give;
  messages_.emplace_back(core::AttemptFailed{id_, give.ordinal, give.task, give.attempt, cause,
                                             "the world says so", playing_->plan.lasts,
                                             struck_seat(*scenario_, give.task)});
}

void Process::stop(TimePoint now) {
  playing_->has_stopped = true;
  stopped_at_ = now;
  thaw_at_ = now + playing_->plan.pause;
}

void Process::thaw(TimePoint now) {
  playing_->lost += now - *stopped_at_;
  stopped_at_.reset();
  thaw_at_ = kNever;
  act_at_ = now + (playing_->plan.lasts - playing_->plan.stops_after);
}

void Process::die(bool by_signal, int number) {
  dead_ = true;
  end_ = {by_signal, number};
  stopped_at_.reset();
}

}  // namespace joust::sim
