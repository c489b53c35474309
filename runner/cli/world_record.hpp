#pragma once
// What a run's journal says of one world, for `joust replay`.

#include <optional>
#include <string>
#include <vector>

#include "runner/journal/reader.hpp"

namespace joust::cli {

struct WorldRecord {
  std::optional<std::string> result;  // encoded
  AttemptNumber attempt = 0;          // that gave it
  std::vector<journal::FailedAttempt> failures;

  AttemptNumber last_attempt() const;  // 0: none is recorded
  // How that attempt failed; null: no failure of it is recorded.
  const journal::FailedAttempt* failure_of(AttemptNumber number) const;
};

WorldRecord read_world_record(const journal::Reader& reader, TaskIndex task);

// "stalled: blocked: no progress for 0.6 s"
std::string failure_text(const journal::FailedAttempt& failure);

// What is recorded of the attempt, and what somebody who plays it again in this process should be
// ready for.
std::string record_text(const WorldRecord& record, AttemptNumber attempt);

// Which attempts there are to play: "1 to 3 or, for the next one, 4".
std::string playable_text(const WorldRecord& record);

}  // namespace joust::cli
