#pragma once
// world_stats.csv, type_stats.csv and agent_stats.csv, as the worlds stream by: one row per world,
// one per world and agent_type, one per world and agent. README.md beside this file has the
// columns and what they mean here.

#include <string>

#include "common/csv.hpp"
#include "runner/scoring/atomic_file.hpp"
#include "runner/scoring/world_stats.hpp"

namespace joust::scoring {

class StatsTables {
 public:
  // REQUIRES: the files outlive the tables.
  StatsTables(AtomicFile& worlds, AtomicFile& types, AtomicFile& agents);
  void add(const WorldStats& world);

 private:
  void add_world(const WorldStats& world);
  void add_seat(const WorldStats& world, const SeatStats& seat);

  AtomicFile& worlds_;
  AtomicFile& types_;
  AtomicFile& agents_;
  CsvRow row_;
  std::string seconds_;  // of the world at hand, as a cell
};

}  // namespace joust::scoring
