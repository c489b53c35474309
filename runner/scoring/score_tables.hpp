#pragma once
// scores.csv, total_scores.csv, winners.csv, score_stats.csv. README.md beside this file has the
// columns.

#include <cstdint>
#include <string>
#include <vector>

#include "common/csv.hpp"
#include "runner/scoring/atomic_file.hpp"
#include "runner/scoring/standings.hpp"
#include "runner/scoring/world_stats.hpp"

namespace joust::scoring {

// scores.csv, as the worlds stream by: one row per seat.
class ScoresTable {
 public:
  // REQUIRES: the file outlives the table.
  explicit ScoresTable(AtomicFile& file);
  void add(const WorldStats& world);

 private:
  AtomicFile& file_;
  CsvRow row_;
  std::uint64_t next_index_ = 0;
};

// `types`: agent_types().
void write_total_scores(AtomicFile& file, const Standings& standings,
                        const std::vector<std::string>& types);
void write_winners(AtomicFile& file, const Standings& standings,
                   const std::vector<std::string>& types);
void write_score_stats(AtomicFile& file, const Standings& standings,
                       const std::vector<std::string>& types);

}  // namespace joust::scoring
