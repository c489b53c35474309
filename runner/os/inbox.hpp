#pragma once
// Takes what workers wrote into their result rings, distrusts it, and tells the core.

#include <string>
#include <string_view>

#include "runner/os/performer.hpp"

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
  void take_message(LiveWorker& worker, const RecordHeader& header, std::string_view payload);
  void take_result(LiveWorker& worker, const RecordHeader& header, std::string_view payload);
  void take_failure(LiveWorker& worker, const RecordHeader& header, std::string_view payload);

  LoopState& state_;
  Performer& performer_;
};

}  // namespace joust::os
