#include "sim_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace joust::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSessionStream = 6;
constexpr std::uint64_t kMostTurns = 400'000;
constexpr Duration kLongestSession = 2000h;

PoolOptions options_of(const Scenario& scenario, unsigned session) {
  PoolOptions options = scenario.options;
  if (session >= scenario.calm_from) {
    options.total_deadline = Duration::max();
    options.max_deaths_without_progress = 0;
  }
  return options;
}

}  // namespace

Session::Session(const Scenario& scenario, unsigned number, TimePoint now, Journal& journal,
                 Trace& trace)
    : scenario_(&scenario),
      number_(number),
      random_(Random::of({kSessionStream, scenario.seed, number})),
      journal_(&journal),
      trace_(&trace),
      now_(now),
      began_(now),
      pool_(options_of(scenario, number), scenario.tasks, journal.history()),
      done_before_(journal.done().size()),
      starved_(journal.history().starved),
      rule_(journal.history().disqualification),
      named_(journal.named()) {
  journal_->begin_session(number, now);
  plan_user();
}

void Session::plan_user() {
  if (number_ >= scenario_->calm_from) return;
  if (random_.percent(scenario_->user_stops)) {
    const TimePoint when = now_ + random_.of_any_size(1ms, 20min);
    if (random_.percent(70)) drain_at_ = when;
    if (drain_at_ == kNever || random_.percent(40))
      stop_at_ = when + random_.of_any_size(1ms, 1min);
  }
  if (random_.percent(scenario_->supervisor_kills)) {
    kill_at_ = now_ + random_.of_any_size(1ms, 20min);
  }
}

std::optional<core::Finish> Session::play() {
  pool_.start(now_, actions_);
  carry_out();
  while (!finish_) {
    wait();
    if (kill_at_ <= now_) {
      trace_->add(now_, "the supervisor is killed");
      journal_->end_session(random_.below(journal_->waiting() + 1));
      return std::nullopt;
    }
    turn();
    check_turn();
    if (++turns_ > kMostTurns || now_ - began_ > kLongestSession) {
      throw BrokenPromise(fmt::format("the session does not end ({} turns)", turns_));
    }
  }
  check_end();
  return finish_;
}

void Session::advance_world() {
  for (Known& known : processes_) known.process.advance(now_);
  journal_->advance(now_);
}

bool Session::something_to_do() const {
  if (journal_->has_events() || std::min({drain_at_, stop_at_, kill_at_}) <= now_) return true;
  return std::any_of(processes_.begin(), processes_.end(), [this](const Known& known) {
    if (known.process.dead()) return true;
    const bool reads = !journal_->stalled() && !known.ring_broken;
    return reads && known.process.has_messages();
  });
}

void Session::wait() {
  advance_world();
  while (!something_to_do()) {
    const TimePoint deadline = pool_.next_deadline();
    TimePoint next = std::min({deadline, journal_->next(), drain_at_, stop_at_, kill_at_});
    for (const Known& known : processes_) next = std::min(next, known.process.next());
    if (next == kNever) throw BrokenPromise("it hangs: nothing is armed and nothing will happen");
    now_ = std::max(now_, next);
    advance_world();
    if (deadline <= now_) break;
  }
  now_ += random_.between(Duration(1us), Duration(200us));
  if (random_.below(1000) < scenario_->oversleeps) oversleep();
  advance_world();
}

void Session::oversleep() {
  advance_world();
  const Duration gap = random_.of_any_size(300ms, 10min);
  // A sleep of everybody costs a busy worker up to a sample period of its patience (see
  // Pool::begin_turn): many in a row would make any world look stalled.
  const bool everybody =
      random_.percent(50) && now_ - all_slept_at_ >= scenario_->options.stall_timeout;
  trace_->add(now_, "{} sleeps for {} ms", everybody ? "everybody" : "the supervisor",
              std::chrono::duration_cast<std::chrono::milliseconds>(gap).count());
  if (everybody) {
    for (Known& known : processes_) known.process.lose(gap);
    journal_->lose(gap);
  }
  now_ += gap;
  if (everybody) all_slept_at_ = now_;
}

void Session::turn() {
  pool_.begin_turn(now_);
  hear_of_user();
  hear_of_journal();
  hear_of_late_inspections();
  hear_of_workers();
  if (pool_.wants_samples(now_)) sample();
  pool_.end_turn(now_, actions_);
  carry_out();
  journal_->submit(std::exchange(batch_, {}), now_);
}

void Session::hear_of_user() {
  if (drain_at_ <= now_) {
    drain_at_ = kNever;
    tell(core::StopAsked{core::StopLevel::drain});
  }
  if (stop_at_ <= now_) {
    stop_at_ = kNever;
    tell(core::StopAsked{core::StopLevel::now});
  }
}

void Session::hear_of_journal() {
  for (const core::Event& event : journal_->take_events()) tell(event);
}

void Session::hear_of_late_inspections() {
  for (const core::WorkerId& id : std::exchange(late_inspections_, {})) {
    if (Known* known = find(id)) tell(known->process.inspect(now_));
  }
  for (const core::WorkerId& id : std::exchange(late_stacks_, {})) tell(core::StacksTaken{id});
}

void Session::hear_of_workers() {
  for (Known& known : processes_) {
    if (!journal_->stalled() || known.process.dead()) read_messages(known);
  }
  for (std::size_t i = 0; i < processes_.size();) {
    if (!processes_[i].process.dead() || processes_[i].process.has_messages()) {
      ++i;
      continue;
    }
    bury(processes_[i]);
    processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

void Session::read_messages(Known& known) {
  // a worker that has died is read to its end; of others, a part is left to the next turn at times
  std::uint64_t budget = known.process.dead() ? UINT64_MAX : random_.between(1, 64);
  while (known.process.has_messages() && budget-- > 0) {
    const Message message = known.process.take_message();
    if (!known.ring_broken) read(known, message);
  }
}

void Session::read(Known& known, const Message& message) {
  const core::WorkerId id = known.process.id();
  if (std::holds_alternative<ReadyMessage>(message)) {
    known.ready = true;
    tell(core::WorkerReady{id});
  } else if (std::holds_alternative<NotReadyMessage>(message)) {
    tell(core::WorkerNotReady{id, "no such world"});
  } else if (const auto* failed = std::get_if<core::AttemptFailed>(&message)) {
    tell(*failed);
  } else if (std::holds_alternative<GarbageMessage>(message)) {
    known.ring_broken = true;
    tell(core::ProtocolBroken{id, "a record's checksum is wrong"});
  } else {
    hear_claim(known, std::get<core::ResultClaim>(message));
  }
  carry_out();
}

void Session::bury(Known& known) {
  trace_->add(now_, "slot {} epoch {} is gone: {}", known.process.id().slot,
              known.process.id().epoch, core::describe(known.process.gone().end));
  tell(known.process.gone());
  carry_out();
  check_burial(known);
}

void Session::sample() {
  for (const Known& known : processes_) {
    if (known.abandoned) continue;
    const core::Sampled sampled = known.process.sample(now_);
    trace_->add(now_, "slot {} epoch {}: lease {} has begun, {} beats", sampled.worker.slot,
                sampled.worker.epoch, sampled.begun, sampled.beats);
    tell(sampled);
  }
}

void Session::tell(const core::Event& event) { pool_.handle(event, now_, actions_); }

void Session::carry_out() {
  // carrying one out may make the core ask for more
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const core::Action action = actions_[i];
    std::visit([this](const auto& concrete) { perform(concrete); }, action);
  }
  actions_.clear();
}

}  // namespace joust::sim
