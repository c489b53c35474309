#pragma once
// One world of a run: what is recorded of it, and, where it can explain itself, its course.

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "common/world.hpp"
#include "common/world_trace.hpp"
#include "runner/journal/journal.hpp"

namespace joust::report {

enum class WorldState {
  counted,
  voided,       // somebody in it was disqualified; it may have a result
  quarantined,  // given up
  open,         // not done yet
};

// A seat and what became of it. All texts are as the spec, the world or the agent gave them.
struct WorldSeat {
  std::string competitor;
  std::string type;
  std::optional<SeatResult> result;  // nothing: the world has none
};

// What a world told when it was played once more.
struct WorldCourse {
  std::string difference;  // from the recorded result; empty: it gave that
  std::vector<SummaryTable> tables;
};

struct WorldReport {
  std::string tournament;
  std::string world;
  std::string run_id;
  TaskIndex task = 0;
  std::uint64_t seed = 0;
  std::uint64_t config_seed = 0;
  std::uint64_t set = 0;
  std::uint32_t config = 0;
  std::uint32_t rotation = 0;
  std::uint32_t run = 0;
  WorldState state = WorldState::open;
  std::string void_for;       // the competitor that was disqualified
  AttemptNumber attempt = 0;  // that gave the result; 0: there is none
  std::vector<WorldSeat> seats;
  std::vector<Counter> counters;  // of the result
  std::vector<journal::FailedAttempt> failures;
  std::vector<std::string> culprits;  // for each of the failures, whom its evidence names; or empty
  std::optional<WorldCourse> course;
  std::string no_course;  // why there is none
  std::string replay;     // the command that plays it again
};

// "counted", as JSON has it, too.
std::string_view state_name(WorldState state);

void print_world(std::ostream& out, const WorldReport& world, bool colour);

// README.md beside this describes the keys.
std::string world_json(const WorldReport& world);

}  // namespace joust::report
