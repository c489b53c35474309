#pragma once
// What one journal tells, world by world, for who merges several.

#include <filesystem>
#include <map>
#include <vector>

#include "runner/journal/reader.hpp"

namespace joust::journal {

// All that a journal has about one world.
struct WorldStory {
  TaskIndex task = 0;
  const ResultRow* result = nullptr;          // null: none; valid until the next story
  const QuarantineRow* quarantine = nullptr;  // null: it was not given up
  std::vector<FailedAttempt> failures;        // by attempt

  AttemptNumber charged() const;  // the highest attempt that was charged; 0: none
};

// The slots and epochs of all its sessions as if they had been one: epochs count on where a session
// begins them anew.
class SlotHistory {
 public:
  SlotHistory(const std::vector<WorkerStart>& starts, const std::vector<WorkerEnd>& ends,
              const std::vector<Session>& sessions);

  Epoch epoch(std::uint64_t session, SlotIndex slot, Epoch epoch) const;
  SlotIndex slots() const { return slots_; }  // one more than the highest

 private:
  using Place = std::pair<SlotIndex, std::uint64_t>;  // a slot in a session
  void note(std::uint64_t session, SlotIndex slot, Epoch epoch);

  std::map<Place, Epoch> most_;  // the highest epoch; then the sum of those of earlier sessions
  SlotIndex slots_ = 0;
};

class RunStories {
 public:
  // Throws JournalError, also when the journal is damaged.
  explicit RunStories(std::filesystem::path run_dir);

  // Moves on to the next world, in ascending order; false when there is none.
  bool next();
  // REQUIRES: next() was true.
  const WorldStory& story() const { return story_; }

  const std::filesystem::path& dir() const { return dir_; }
  const Reader& reader() const { return reader_; }

 private:
  std::filesystem::path dir_;
  Reader reader_;
  ResultCursor results_;
  FailedAttemptCursor failures_;
  std::vector<QuarantineRow> quarantined_;
  std::size_t next_quarantine_ = 0;
  const ResultRow* result_ = nullptr;       // the next one to be told
  const FailedAttempt* failure_ = nullptr;  // likewise
  WorldStory story_;
};

}  // namespace joust::journal
