#pragma once
// One world of a run: which it is, what the journal says of it, and what it gives when it is played
// again in this process. For `joust replay` and `joust report --world`.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/plan.hpp"
#include "common/world_registry.hpp"
#include "runner/journal/reader.hpp"

namespace joust::cli {

// The command line asks for something that there is not: the text says what, and what there is.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "17", or the run id "0017_9f3ab1". Throws BadRequest.
TaskIndex task_named(const std::string& text, const Plan& plan);

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

// Plays with what the world prints on standard error: it is not ours.
WorldResult play_aside(World& world, const WorldTask& task, WorldContext& context);

// In what a result differs from the recorded one. REQUIRES: it does.
std::string difference_text(const WorldResult& now, const std::string& recorded);

// "scml-oneshot, scml-std": the worlds that explain themselves.
std::string traced_worlds(const WorldRegistry& worlds);

}  // namespace joust::cli
