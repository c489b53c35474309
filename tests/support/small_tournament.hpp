#pragma once
// The tournament of tests/data/scoring/tables: three competitors, pairs, four configurations, 24
// worlds.

#include "common/plan.hpp"
#include "common/time.hpp"
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

// The world names its first agent only, and counts nothing of the others.
inline WorldResult small_result(TaskIndex task) {
  WorldResult result;
  const auto number = static_cast<double>(task);
  result.seats.push_back({.agent_name = "00X@0", .score = small_score(task, 0)});
  result.seats.back().counters = {
      {"negs_registered", 3 * number}, {"negs_failed", number / 4}, {"own_counter", 1}};
  result.seats.push_back({.agent_name = "", .score = small_score(task, 1)});
  result.counters = {{"n_steps", 10 + number},
                     {"mean_something", 0.5},
                     {"n_contracts_signed", 2 * number},
                     {"n_agent_exceptions", 1}};
  return result;
}

inline Duration small_time(TaskIndex task) {
  return std::chrono::milliseconds(250) * static_cast<std::int64_t>(task + 1);
}

inline MemoryRecord small_record(std::uint64_t worlds = 24) {
  MemoryRecord record;
  for (TaskIndex task = 0; task < worlds; ++task) {
    record.add(task, small_result(task), small_time(task));
  }
  return record;
}

}  // namespace joust::test
