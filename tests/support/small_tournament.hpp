#pragma once
// The tournament of tests/data/scoring/tables: three competitors, pairs, four configurations, 24
// worlds.

#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "tests/support/memory_record.hpp"

namespace joust::test {

inline Tournament small_tournament() {
  Tournament tournament;
  tournament.name = "small";
  tournament.shape = {.competitors = 3, .per_world = 2, .configs = 4, .runs = 1, .seed = 42};
  tournament.setup.world = "noop";
  tournament.setup.seats = 2;
  for (const char* name : {"Cid", "Bob, \"the Builder\"", "v1.2"}) {
    tournament.setup.competitors.push_back({.name = name, .type = "idle", .parameters = {}});
  }
  return tournament;
}

inline double small_score(TaskIndex task, std::uint32_t seat) {
  const auto mixed = static_cast<double>((task * 37 + std::uint64_t{seat} * 11) % 101);
  return (mixed - 40) / 16 + (task % 11 == 3 && seat == 0 ? 64 : 0);
}

// The world names its first agent only.
inline WorldResult small_result(TaskIndex task) {
  WorldResult result;
  result.seats.push_back({.agent_name = "00X@0", .score = small_score(task, 0)});
  result.seats.push_back({.agent_name = "", .score = small_score(task, 1)});
  return result;
}

inline MemoryRecord small_record(std::uint64_t worlds = 24) {
  MemoryRecord record;
  for (TaskIndex task = 0; task < worlds; ++task) record.add(task, small_result(task));
  return record;
}

}  // namespace joust::test
