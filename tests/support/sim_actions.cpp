// What the simulated supervisor does for the core, and whether the core may ask for it.

#include <fmt/format.h>

#include <algorithm>

#include "sim_session.hpp"

namespace joust::sim {

void Session::perform(const core::Spawn& action) {
  trace_->add(now_, "spawn slot {} epoch {}", action.worker.slot, action.worker.epoch);
  const Temper behaviour = temper(*scenario_, number_, action.worker);
  if (behaviour.start == Start::spawn_fails) {
    tell(core::SpawnFailed{action.worker, "no memory"});
    return;
  }
  require(find(action.worker) == nullptr, "a worker is spawned twice");
  processes_.push_back({.process = Process(action.worker, *scenario_, behaviour, now_),
                        .ready = false,
                        .signalled = false,
                        .asked_to_stop = false,
                        .abandoned = false,
                        .ring_broken = false,
                        .leases = {},
                        .given = 0,
                        .ends_recorded = 0,
                        .solo = action.solo,
                        .killed_for_memory = false});
  require(!action.solo || living() == 1, "a worker is to be alone and is not");
  require(living() <= scenario_->options.workers, "there are more live workers than slots");
}

void Session::perform(const core::Give& action) {
  trace_->add(now_, "give slot {} epoch {}: lease {}, task {}, attempt {}", action.worker.slot,
              action.worker.epoch, action.ordinal, action.task, action.attempt);
  Known& holder = known(action.worker, "Give");
  check_lease(holder, action);
  leased_.insert(action.task);
  holder.leases.push_back(action);
  ++holder.given;
  holder.process.give(action, now_);
}

void Session::perform(const core::AskToStop& action) {
  trace_->add(now_, "ask slot {} epoch {} to stop", action.worker.slot, action.worker.epoch);
  Known& asked = known(action.worker, "AskToStop");
  require(asked.ready && !asked.signalled, "a worker is asked to stop that cannot hear it");
  asked.asked_to_stop = true;
  asked.process.ask_to_stop(now_);
}

void Session::perform(const core::Inspect& action) {
  Known& looked_at = known(action.worker, "Inspect");
  require(!looked_at.abandoned, "an abandoned worker is inspected");
  trace_->add(now_, "inspect slot {} epoch {}", action.worker.slot, action.worker.epoch);
  if (random_.percent(10)) {
    late_inspections_.push_back(action.worker);
  } else {
    tell(looked_at.process.inspect(now_));
  }
}

void Session::perform(const core::LookAtMemory&) {
  const auto largest = std::max_element(
      processes_.begin(), processes_.end(),
      [](const Known& a, const Known& b) { return a.process.memory() < b.process.memory(); });
  // the kernel may have been faster
  if (memory_taken() > scenario_->memory * 3 / 2 && !scenario_->healthy && random_.percent(50)) {
    trace_->add(now_, "the kernel ends slot {} epoch {}", largest->process.id().slot,
                largest->process.id().epoch);
    largest->process.starve();
  }
  core::MemorySeen seen;
  for (const Known& known : processes_) {
    if (!known.abandoned) seen.workers.push_back({known.process.id(), known.process.memory()});
  }
  const std::uint64_t taken = memory_taken();
  seen.room = static_cast<std::int64_t>(scenario_->memory) - static_cast<std::int64_t>(taken);
  seen.most = scenario_->memory;
  seen.critical = seen.room < 0 && random_.percent(50);
  seen.stalls = random_.percent(5);
  trace_->add(now_, "memory: {} MiB of {} MiB are left", seen.room / (1 << 20),
              scenario_->memory >> 20);
  tell(seen);
}

void Session::perform(const core::TellMemory& action) {
  require(scenario_->memory > 0, "memory is told of, though nobody looks at it");
  require(action.running <= action.slots, "more workers run than there are slots");
}

void Session::perform(const core::TakeStacks& action) {
  trace_->add(now_, "take the stacks of slot {} epoch {}", action.worker.slot, action.worker.epoch);
  Known& examined = known(action.worker, "TakeStacks");
  require(!examined.abandoned && !examined.signalled, "a worker is examined that was signalled");
  const bool hangs = random_.percent(10);
  if (hangs) return;
  if (random_.percent(50)) {
    tell(core::StacksTaken{action.worker});
  } else {
    late_stacks_.push_back(action.worker);
  }
}

void Session::perform(const core::Terminate& action) {
  trace_->add(now_, "SIGTERM to slot {} epoch {}", action.worker.slot, action.worker.epoch);
  Known& target = known(action.worker, "Terminate");
  require(!target.abandoned, "an abandoned worker is signalled");
  if (action.cause == Cause::out_of_memory) {
    check_memory_kill(target);
    target.killed_for_memory = true;
  }
  target.signalled = true;
  if (random_.percent(50)) target.process.kill(now_);  // it obeys
}

void Session::perform(const core::Kill& action) {
  trace_->add(now_, "kill slot {} epoch {}: {}", action.worker.slot, action.worker.epoch,
              cause_name(action.cause));
  Known& target = known(action.worker, "Kill");
  require(!target.abandoned, "an abandoned worker is killed");
  if (action.cause == Cause::out_of_memory) {
    check_memory_kill(target);
    target.killed_for_memory = true;
  }
  target.signalled = true;
  target.process.kill(now_);
}

void Session::perform(const core::Abandon& action) {
  trace_->add(now_, "abandon slot {} epoch {}", action.worker.slot, action.worker.epoch);
  Known& target = known(action.worker, "Abandon");
  require(target.signalled && !target.abandoned, "a worker is abandoned that was not killed");
  require(target.ends_recorded == 1, "the end of an abandoned worker is not recorded once");
  target.abandoned = true;
  forget_leases(target);
}

void Session::perform(const core::RecordFailure& action) {
  trace_->add(now_, "task {} attempt {} failed on slot {} epoch {}: {}, {}", action.task,
              action.attempt, action.worker.slot, action.worker.epoch, cause_name(action.cause),
              action.detail);
  Known& blamed = known(action.worker, "RecordFailure");
  check_blame(blamed, action);
  blamed.leases.pop_front();
  leased_.erase(action.task);
  batch_.failures.emplace_back(action.task, action.attempt);
  starved_.erase(action.task);
  if (action.cause == Cause::out_of_memory) {
    batch_.starved.emplace_back(action.task, action.attempt);
    starved_.insert(action.task);
  }
  if (!action.culprit) return;
  batch_.named.emplace_back(action.task, *action.culprit);
  named_[action.task] = *action.culprit;
}

void Session::perform(const core::RecordQuarantine& action) {
  trace_->add(now_, "task {} is given up", action.task);
  batch_.quarantines.push_back(action.task);
  const auto named = named_.find(action.task);
  if (named != named_.end()) strike(named->first, named->second);
}

void Session::perform(const core::TellDisqualified& action) {
  trace_->add(now_, "competitor {} is out after task {}", action.competitor, action.task);
  require(rule_.has_value(), "somebody is disqualified, though nobody can be");
  const auto known = rule_->out().find(action.competitor);
  require(known != rule_->out().end() && known->second == action.task,
          "a competitor is said to be out that is not");
}

void Session::strike(TaskIndex task, std::uint32_t seat) {
  if (rule_) rule_->strike_seat(task, seat);
}

void Session::perform(const core::RecordWorkerEnd& action) {
  ++known(action.worker, "RecordWorkerEnd").ends_recorded;
}

void Session::perform(const core::Finish& action) {
  trace_->add(now_, "finish: {} {}", static_cast<int>(action.outcome), action.reason);
  require(!finish_, "the run is finished twice");
  finish_ = action;
}

void Session::hear_claim(Known& known, const core::ResultClaim& claim) {
  const bool accepted = pool_.accept(claim, now_, actions_);
  trace_->add(now_, "slot {} epoch {} claims lease {}, task {}: {}", claim.worker.slot,
              claim.worker.epoch, claim.ordinal, claim.task, accepted ? "accepted" : "refused");
  if (!accepted) return;
  const bool holds_it =
      !known.abandoned && !known.leases.empty() && known.leases.front().ordinal == claim.ordinal &&
      known.leases.front().task == claim.task && known.leases.front().attempt == claim.attempt;
  require(holds_it, "a result is accepted from a worker that does not hold its lease");
  require(accepted_.insert(claim.task).second, "a task is accepted twice");
  require(!journal_->done().contains(claim.task), "a task of an earlier session is accepted again");
  known.leases.pop_front();
  leased_.erase(claim.task);
  batch_.results.push_back(claim.task);
  for (const std::uint32_t seat : claim.forfeits) strike(claim.task, seat);
}

}  // namespace joust::sim
