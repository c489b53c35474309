#pragma once
// Two or more runs side by side: whether they had the same spec, which worlds came out differently,
// and their standings. Memory is 16 bytes for each result of two runs.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/report/report.hpp"

namespace joust::report {

// One run as it is given to be compared. What it points to outlives the comparison.
struct RunToCompare {
  std::string dir;         // as the user gave it
  bool lock_held = false;  // a supervisor works on it now
  const Tournament* tournament = nullptr;
  const Plan* plan = nullptr;
  const RunRecord* record = nullptr;
  std::map<std::string, std::string> deciding;  // key -> value of all that decides results
};

// A key of the spec with another value than in the first run; nothing: the run has no such key.
struct KeyDifference {
  std::string key;
  std::optional<std::string> first;
  std::optional<std::string> here;
};

struct SeatDifference {
  std::uint32_t seat = 0;
  std::string competitor;
  double first = 0;  // NaN: no score
  double here = 0;
};

enum class WorldChange {
  scores,         // at least one seat has another score
  details,        // the scores are the same, the names, counters or the payload are not
  only_in_first,  // it has a result there only
  only_here,
};
std::string_view change_name(WorldChange change);  // "scores", "details", "only_in_first", ...

struct WorldDifference {
  TaskIndex task = 0;
  std::string run_id;
  WorldChange change = WorldChange::scores;
  std::vector<SeatDifference> seats;  // those that differ
};

// What a run has otherwise than the first one.
struct RunDifference {
  std::vector<KeyDifference> keys;
  // The plan, the seed and the competitors are the same, so that a task is the same world in both.
  bool is_comparable = false;
  std::uint64_t equal = 0;  // worlds; all four are 0 when the runs are not comparable
  std::uint64_t different = 0;
  std::uint64_t only_in_first = 0;
  std::uint64_t only_here = 0;
  std::vector<WorldDifference> examples;  // the first few by task

  // The same spec, and the same result of each world.
  bool none() const {
    return keys.empty() && is_comparable && different + only_in_first + only_here == 0;
  }
};

struct ComparedRun {
  std::string dir;
  std::string name;
  std::uint64_t seed = 0;
  RunState state = RunState::finished;
  scoring::Standings standings;
  std::vector<std::string> disqualified;    // a line for each competitor that is out
  std::optional<RunDifference> difference;  // from the first run; nothing: it is the first
};

struct Comparison {
  std::vector<ComparedRun> runs;
  bool all_same() const;
};

// REQUIRES: at least one run. Throws JournalError.
Comparison compare_runs(const std::vector<RunToCompare>& runs, std::size_t examples = 10);

}  // namespace joust::report
