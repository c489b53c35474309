#pragma once
// What the benchmarks of the pool share: a supervisor run on no-op worlds, with or without a
// journal, and medians over repetitions.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runner/core/pool.hpp"
#include "runner/os/observer.hpp"

namespace joust::bench {

struct PoolRun {
  std::uint64_t worlds = 0;
  std::uint32_t workers = 2;
  std::string work = "0s";  // the no-op world's parameters, as a spec writes them
  std::string payload = "0B";
  bool journaled = false;
};

struct PoolTimes {
  double seconds = 0;             // from the first worker's start to the last commit
  double seconds_from_ready = 0;  // from the moment all workers were ready
};

// Plays the run with real workers. Throws std::runtime_error when it did not finish.
PoolTimes play(const PoolRun& run);

// The same with an observer that wants to see it.
PoolTimes play(const PoolRun& run, os::Observer& observer);

double median(std::vector<double> values);

}  // namespace joust::bench
