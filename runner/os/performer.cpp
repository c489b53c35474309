#include "runner/os/performer.hpp"

#include <signal.h>

#include <system_error>

#include "runner/os/clock.hpp"
#include "runner/os/process_state.hpp"

namespace joust::os {

namespace {

core::MemorySeen look_at_memory(LoopState& state) {
  // more of the time than this spent in waiting for memory is too much
  constexpr double kMostStalled = 0.1;
  core::MemorySeen seen;
  std::uint64_t taken = 0;
  for (const LiveWorker* worker : state.crew.all()) {
    if (worker->gone) continue;
    seen.workers.push_back({worker->id, own_memory_of_family(worker->child.pid)});
    taken += seen.workers.back().bytes;
  }
  const machine::MemoryLook look = state.memory.gauge.look();
  const machine::MemoryRoom room = machine::room_for_workers(look, state.memory.rules, taken);
  seen.room = room.room;
  seen.critical = room.critical;
  seen.most = room.most;
  const double passed_us =
      std::chrono::duration<double, std::micro>(state.now - state.memory.looked_at).count();
  const double stalled_us =
      static_cast<double>(look.stalled_us) - static_cast<double>(state.memory.stalled_us);
  seen.stalls = state.memory.looked_at != TimePoint{} && stalled_us > kMostStalled * passed_us;
  state.memory.stalled_us = look.stalled_us;
  state.memory.looked_at = state.now;
  state.memory.gauge.forget_old_oom_kills(state.now);
  return seen;
}

}  // namespace

void Performer::act() {
  while (!state_.actions.empty()) {
    core::Actions todo;
    todo.swap(state_.actions);
    for (const core::Action& action : todo) {
      std::visit([this](const auto& concrete) { perform(concrete); }, action);
    }
  }
}

void Performer::perform(const core::Spawn& action) {
  try {
    const LiveWorker& worker = state_.crew.start_worker(action.worker, action.solo);
    const journal::WorkerStart row{action.worker.slot, action.worker.epoch, worker.child.pid,
                                   unix_millis()};
    state_.batch.add(row);
    state_.observer.worker_started(row);
  } catch (const std::system_error& error) {
    state_.pool.handle(core::SpawnFailed{action.worker, error.what()}, state_.now, state_.actions);
  }
}

void Performer::perform(const core::Give& action) {
  LiveWorker* worker = state_.crew.find(action.worker);
  if (worker == nullptr || worker->broken) return;
  if (!worker->channel.give(action.ordinal, action.task, action.attempt)) {
    state_.report_broken(*worker, "its position in the task ring is impossible");
    return;
  }
  ++worker->in_hand;
  if (action.attempt > 1) state_.observer.retried(action.worker, action.task, action.attempt);
}

void Performer::perform(const core::AskToStop& action) {
  if (LiveWorker* worker = state_.crew.find(action.worker)) worker->channel.ask_to_stop();
}

void Performer::perform(const core::Inspect& action) {
  LiveWorker* worker = state_.crew.find(action.worker);
  // one that is held still would look as if it slept
  if (worker == nullptr || state_.crew.is_held(*worker)) return;
  const ProcessLook look = look_at_family(worker->child.pid);
  state_.pool.handle(core::Inspected{action.worker, look.state, look.cpu}, state_.now,
                     state_.actions);
}

void Performer::perform(const core::LookAtMemory&) {
  state_.pool.handle(look_at_memory(state_), state_.now, state_.actions);
}

void Performer::perform(const core::TellMemory& action) { state_.observer.memory_news(action); }

void Performer::perform(const core::TakeStacks& action) {
  if (state_.crew.take_stacks(action)) return;
  state_.pool.handle(core::StacksTaken{action.worker}, state_.now, state_.actions);
}

void Performer::perform(const core::Terminate& action) {
  if (LiveWorker* worker = state_.crew.find(action.worker)) {
    signal_process(worker->child, SIGTERM);
  }
}

void Performer::perform(const core::Kill& action) {
  if (LiveWorker* worker = state_.crew.find(action.worker)) state_.crew.kill(*worker);
}

void Performer::perform(const core::RecordFailure& action) {
  journal::FailedAttempt row;
  row.task = action.task;
  row.attempt = action.attempt;
  row.cause = action.cause;
  row.detail = action.detail;
  row.slot = action.worker.slot;
  row.epoch = action.worker.epoch;
  row.played = action.played;
  row.at = unix_millis();
  row.log = state_.crew.save_output(action);
  row.stack = state_.crew.save_stacks(action);
  if (action.culprit && state_.competitor_in) {
    row.culprit = state_.competitor_in(action.task, *action.culprit);
  }
  state_.observer.attempt_failed(row);
  state_.batch.add(std::move(row));
}

void Performer::perform(const core::RecordQuarantine& action) {
  const journal::QuarantineRow row{action.task, action.cause};
  state_.observer.quarantined(row);
  state_.batch.add(row);
}

void Performer::perform(const core::TellDisqualified& action) {
  state_.observer.disqualified(action.competitor, action.task);
}

void Performer::perform(const core::RecordWorkerEnd& action) {
  journal::WorkerEnd row;
  row.slot = action.worker.slot;
  row.epoch = action.worker.epoch;
  row.at = unix_millis();
  row.lost = action.lost;
  row.ending = action.detail;
  if (action.lost) row.cause = action.cause;
  state_.observer.worker_ended(row);
  state_.batch.add(std::move(row));
}

}  // namespace joust::os
