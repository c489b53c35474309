#pragma once
// What the tables say of one counted world, by the names that negmas uses.

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "runner/scoring/standings.hpp"

namespace joust::scoring {

// What negmas counts, in the order of its columns. A world counts by these names with "n_" before
// them, a seat by these.
inline constexpr std::array<std::string_view, 17> kStatCounters = {
    "neg_requests_sent",   "neg_requests_received", "neg_requests_rejected", "negs_registered",
    "negs_succeeded",      "negs_failed",           "negs_timedout",         "negs_initiated",
    "contracts_concluded", "contracts_signed",      "contracts_dropped",     "breaches_received",
    "breaches_committed",  "contracts_erred",       "contracts_nullified",   "contracts_breached",
    "contracts_executed"};

// By kStatCounters; NaN: not counted.
using StatCounters = std::array<double, kStatCounters.size()>;

// The views are valid as long as the world is that they were read from.
struct SeatStats {
  std::string_view agent;
  std::string_view type;  // agent_type
  double score = 0;
  StatCounters counters{};
};

// NaN: not counted.
struct WorldStats {
  std::string run_id;
  double seconds = 0;  // that it took in the worker
  double planned_steps = 0;
  double executed_steps = 0;
  double agent_exceptions = 0;
  double negotiator_exceptions = 0;
  StatCounters counters{};
  std::vector<SeatStats> seats;
};

// Reads one world after the other into the same memory. Not thread-safe.
class WorldStatsReader {
 public:
  // `types`: agent_types(). `timeless`: every world took 0 seconds. REQUIRES: all outlive it.
  WorldStatsReader(const Plan& plan, const std::vector<std::string>& types, bool timeless)
      : plan_(plan), types_(types), timeless_(timeless) {}

  // Valid until the next call.
  const WorldStats& read(const CountedWorld& world);

 private:
  const Plan& plan_;
  const std::vector<std::string>& types_;
  bool timeless_;
  WorldStats stats_;
};

}  // namespace joust::scoring
