#include "runner/journal/run_stories.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace joust::journal {

AttemptNumber WorldStory::charged() const {
  AttemptNumber most = 0;
  for (const FailedAttempt& row : failures) {
    if (row.charged) most = std::max(most, row.attempt);
  }
  return most;
}

SlotHistory::SlotHistory(const std::vector<WorkerStart>& starts, const std::vector<WorkerEnd>& ends,
                         const std::vector<Session>& sessions) {
  for (const Session& session : sessions) slots_ = std::max(slots_, session.workers);
  for (const WorkerStart& start : starts) note(start.session, start.slot, start.epoch);
  for (const WorkerEnd& end : ends) note(end.session, end.slot, end.epoch);
  SlotIndex slot = 0;
  Epoch earlier = 0;
  for (auto& [place, epoch] : most_) {
    if (place.first != slot) earlier = 0;
    slot = place.first;
    earlier += std::exchange(epoch, earlier);
  }
}

void SlotHistory::note(std::uint64_t session, SlotIndex slot, Epoch epoch) {
  Epoch& most = most_[{slot, session}];
  most = std::max(most, epoch);
  slots_ = std::max(slots_, slot + 1);
}

Epoch SlotHistory::epoch(std::uint64_t session, SlotIndex slot, Epoch epoch) const {
  const auto earlier = most_.find({slot, session});
  return epoch + (earlier == most_.end() ? 0 : earlier->second);
}

RunStories::RunStories(std::filesystem::path run_dir)
    : dir_(std::move(run_dir)),
      reader_(dir_),
      results_(reader_),
      failures_(reader_),
      quarantined_(reader_.quarantined()),
      result_(results_.next()),
      failure_(failures_.next()) {}

bool RunStories::next() {
  if (story_.result != nullptr) result_ = results_.next();
  constexpr TaskIndex kNone = std::numeric_limits<TaskIndex>::max();
  const QuarantineRow* given_up =
      next_quarantine_ < quarantined_.size() ? &quarantined_[next_quarantine_] : nullptr;
  const TaskIndex task =
      std::min({result_ ? result_->task : kNone, given_up ? given_up->task : kNone,
                failure_ ? failure_->task : kNone});
  story_ = WorldStory{};
  if (task == kNone) return false;
  story_.task = task;
  if (result_ != nullptr && result_->task == task) story_.result = result_;
  if (given_up != nullptr && given_up->task == task) {
    story_.quarantine = given_up;
    ++next_quarantine_;
  }
  for (; failure_ != nullptr && failure_->task == task; failure_ = failures_.next()) {
    story_.failures.push_back(*failure_);
  }
  return true;
}

}  // namespace joust::journal
