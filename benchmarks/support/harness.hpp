#pragma once
// What the benchmarks of the pool share: a supervisor that plays a tournament with real workers,
// with or without a journal, and what that took.

#include <cstdint>
#include <string>

#include "common/tournament.hpp"
#include "runner/os/observer.hpp"

namespace joust::bench {

struct PoolTimes {
  double start_seconds = 0;       // from the first worker's start until all were ready
  double seconds = 0;             // from then until the last commit
  double supervisor_seconds = 0;  // processor time of this process alone, user and system, therein
};

// `worlds` worlds of the given kind between two competitors, its parameters at their defaults.
// Throws std::out_of_range when there is no such world. REQUIRES: worlds is even, since both sit in
// either seat.
Tournament make_tournament(const std::string& world, std::uint64_t worlds, std::uint32_t workers);

// Processor time of this process so far, all threads, user and system.
double processor_seconds();

// Plays it with real workers; `observer` sees it. With `journaled`, results go to a journal in a
// folder of its own, which is removed; else nowhere. Throws std::runtime_error when the tournament
// did not finish.
PoolTimes play(const Tournament& tournament, bool journaled, os::Observer& observer);

}  // namespace joust::bench
