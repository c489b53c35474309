#pragma once
// A whole tournament in fake time: as many sessions as it takes until every task is counted or
// given up.

#include <optional>
#include <string>

#include "sim_scenario.hpp"

namespace joust::sim {

struct StorySummary {
  unsigned sessions = 0;
  std::uint64_t done = 0;
  std::uint64_t quarantined = 0;
};

// Plays the story; what went wrong with its last events, or nothing.
std::optional<std::string> play_story(const Scenario& scenario, StorySummary& summary);

// Plays a story for each seed (JOUST_SIM_SEEDS of them, else `seeds`; or JOUST_SIM_SEED alone), and
// throws std::runtime_error with the first failure and the command that replays it.
struct Totals {
  std::uint64_t stories = 0;
  std::uint64_t sessions = 0;
  std::uint64_t done = 0;
  std::uint64_t quarantined = 0;
};
Totals play_stories(Scenario (*make)(std::uint64_t), std::uint64_t seeds, const char* test_file);

}  // namespace joust::sim
