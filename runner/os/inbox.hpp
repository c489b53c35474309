#pragma once
// Takes what workers wrote into their result rings, distrusts it, and tells the core.

#include "runner/os/performer.hpp"
#include "runner/os/worker_message.hpp"

namespace joust::os {

class Inbox {
 public:
  // REQUIRES: both outlive the inbox.
  Inbox(LoopState& state, Performer& performer) : state_(state), performer_(performer) {}

  // Takes a bounded number of records, so that all workers get their turn.
  void take_some(LiveWorker& worker);

  // Takes all that a dead worker had published.
  void take_everything(LiveWorker& worker);

 private:
  bool take_record(LiveWorker& worker);
  void take(LiveWorker& worker, const core::WorkerReady& ready);
  void take(LiveWorker& worker, const core::WorkerNotReady& not_ready);
  void take(LiveWorker& worker, const ClaimedResult& result);
  void take(LiveWorker& worker, const core::AttemptFailed& failed);
  void take(LiveWorker& worker, const core::ProtocolBroken& broken);

  LoopState& state_;
  Performer& performer_;
};

}  // namespace joust::os
