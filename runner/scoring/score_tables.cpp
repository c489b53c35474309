#include "runner/scoring/score_tables.hpp"

#include <algorithm>

namespace joust::scoring {
namespace {

// Best first, equals by name.
template <class Keep>
void write_scores_of(AtomicFile& file, const Standings& standings,
                     const std::vector<std::string>& types, Keep&& keep) {
  file.write(csv_line({"", "agent_type", "score"}));
  std::uint64_t index = 0;
  for (const Standing& standing : standings.ranking) {
    if (!keep(standing)) continue;
    CsvRow row;
    row.integer(index++).text(types[standing.competitor]).number(standing.value);
    file.write(row.finish());
  }
}

}  // namespace

ScoresTable::ScoresTable(AtomicFile& file) : file_(file) {
  file_.write(csv_line({"", "agent_id", "agent_name", "agent_type", "base_stats_folder", "log_file",
                        "run_id", "score", "stats_folders", "world"}));
}

void ScoresTable::add(const WorldStats& world) {
  for (const SeatStats& seat : world.seats) {
    row_.integer(next_index_++)
        .text(seat.agent)
        .text(seat.agent)
        .text(seat.type)
        .empty()
        .empty()
        .plain(world.run_id)
        .number(seat.score)
        .empty()
        .plain(world.run_id);
    file_.write(row_.finish());
    row_.clear();
  }
}

void write_total_scores(AtomicFile& file, const Standings& standings,
                        const std::vector<std::string>& types) {
  write_scores_of(file, standings, types, [](const Standing&) { return true; });
}

void write_winners(AtomicFile& file, const Standings& standings,
                   const std::vector<std::string>& types) {
  write_scores_of(file, standings, types, [](const Standing& s) { return s.rank == 1; });
}

// By agent_type, as grouping does it.
void write_score_stats(AtomicFile& file, const Standings& standings,
                       const std::vector<std::string>& types) {
  file.write(
      csv_line({"agent_type", "count", "mean", "std", "min", "25%", "median", "75%", "max"}));
  std::vector<const Standing*> by_type;
  for (const Standing& standing : standings.ranking) by_type.push_back(&standing);
  std::sort(by_type.begin(), by_type.end(), [&](const Standing* a, const Standing* b) {
    return types[a->competitor] < types[b->competitor];
  });
  for (const Standing* standing : by_type) {
    const Summary& s = standing->summary;
    CsvRow row;
    row.text(types[standing->competitor]).number(static_cast<double>(s.count));
    for (const double value : {s.mean, s.std, s.min, s.q1, s.median, s.q3, s.max}) {
      row.number(value);
    }
    file.write(row.finish());
  }
}

}  // namespace joust::scoring
