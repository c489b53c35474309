#include "runner/os/inbox.hpp"

namespace joust::os {
namespace {

constexpr int kRecordsPerTurn = 512;

}  // namespace

void Inbox::take_some(LiveWorker& worker) {
  for (int i = 0; i < kRecordsPerTurn && take_record(worker); ++i) {
  }
}

void Inbox::take_everything(LiveWorker& worker) {
  while (take_record(worker)) {
  }
}

// Takes one record. False: there is none, or no more should be taken from this worker now.
bool Inbox::take_record(LiveWorker& worker) {
  if (worker.broken) return false;
  RecordHeader header;
  switch (worker.channel.receive(header)) {
    case MessageReceiver::Outcome::empty:
      return false;
    case MessageReceiver::Outcome::corrupt:
      state_.report_broken(worker, worker.channel.what_is_wrong());
      return false;
    case MessageReceiver::Outcome::fragment:
      state_.busy = true;
      return worker.gone;  // one piece per turn while it lives, all of them in the last drain
    case MessageReceiver::Outcome::message:
      break;
  }
  state_.busy = true;
  std::visit([this, &worker](const auto& message) { take(worker, message); },
             read_worker_message(worker.id, header, worker.channel.payload(), state_.seats));
  return !worker.broken;
}

void Inbox::take(LiveWorker& worker, const core::WorkerReady& ready) {
  worker.ready = true;
  state_.observer.worker_ready(worker.id);
  state_.pool.handle(ready, state_.now, state_.actions);
}

void Inbox::take(LiveWorker&, const core::WorkerNotReady& not_ready) {
  state_.pool.handle(not_ready, state_.now, state_.actions);
}

void Inbox::take(LiveWorker& worker, const ClaimedResult& result) {
  if (!state_.pool.accept(result.claim, state_.now, state_.actions)) return;
  worker.in_hand -= worker.in_hand > 0 ? 1 : 0;
  state_.batch.add(journal::ResultRow{result.claim.task, result.claim.attempt, result.claim.played,
                                      result.encoded, worker.id.slot, state_.wall});
}

void Inbox::take(LiveWorker& worker, const core::AttemptFailed& failed) {
  worker.in_hand -= worker.in_hand > 0 ? 1 : 0;
  state_.crew.read_output(worker);
  core::AttemptFailed known = failed;
  // a program that plays for the worker, or for a competitor, is what the kernel ends then
  if (failed.cause == Cause::crashed && state_.memory.gauge.take_oom_kill()) {
    known.cause = Cause::out_of_memory;
    known.detail += "; the kernel ended it, for memory was short";
  }
  state_.pool.handle(known, state_.now, state_.actions);
  performer_.act();  // its output is written down before the next world's is mixed in
}

void Inbox::take(LiveWorker& worker, const core::ProtocolBroken& broken) {
  state_.report_broken(worker, broken.what);
}

}  // namespace joust::os
