#include "runner/scoring/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "runner/scoring/atomic_file.hpp"
#include "runner/scoring/csv.hpp"

namespace joust::scoring {
namespace {

// Rows of scores.csv, as the results stream by.
class ScoresTable {
 public:
  ScoresTable(AtomicFile& file, const Plan& plan, const std::vector<std::string>& types)
      : file_(file), plan_(plan), types_(types) {
    file_.write(csv_line({"", "agent_id", "agent_name", "agent_type", "base_stats_folder",
                          "log_file", "run_id", "score", "stats_folders", "world"}));
  }

  void add(const ScoredSeat& seat) {
    if (seat.seat == 0) run_id_ = plan_.run_id(seat.task);
    row_.integer(next_index_++)
        .text(seat.agent_name)
        .text(seat.agent_name)
        .text(types_[seat.competitor])
        .empty()
        .empty()
        .text(run_id_)
        .number(seat.score)
        .empty()
        .text(run_id_);
    file_.write(row_.finish());
    row_.clear();
  }

 private:
  AtomicFile& file_;
  const Plan& plan_;
  const std::vector<std::string>& types_;
  CsvRow row_;
  std::string run_id_;
  std::uint64_t next_index_ = 0;
};

// total_scores.csv and winners.csv: best first, equals by name.
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

// score_stats.csv: by agent_type, as grouping does it.
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

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw journal::JournalError(
        fmt::format("can not create the folder '{}': {}; the results are safe in run.db",
                    folder.string(), error.message()),
        error == std::errc::no_space_on_device);
  }
}

}  // namespace

std::filesystem::path tables_folder(const std::filesystem::path& run_dir,
                                    const Tournament& tournament) {
  return run_dir / (tournament.name + "-stage-0001");
}

std::vector<std::string> agent_types(const std::vector<Competitor>& competitors) {
  std::set<std::string> taken;
  for (const Competitor& competitor : competitors) {
    if (competitor.name.find('.') == std::string::npos) taken.insert(competitor.name);
  }
  std::vector<std::string> types;
  for (const Competitor& competitor : competitors) {
    std::string type = competitor.name;
    if (type.find('.') != std::string::npos) {
      std::replace(type.begin(), type.end(), '.', '_');
      while (!taken.insert(type).second) type += '_';
    }
    types.push_back(std::move(type));
  }
  return types;
}

Standings write_tables(const std::filesystem::path& run_dir, const Tournament& tournament,
                       const Plan& plan, const ResultSource& source, const SeatVisitor& on_seat) {
  const std::filesystem::path folder = tables_folder(run_dir, tournament);
  make_folder(folder);
  const std::vector<std::string> types = agent_types(tournament.setup.competitors);

  AtomicFile scores(folder / "scores.csv");
  ScoresTable scores_table(scores, plan, types);
  Standings standings = compute_standings(tournament, plan, source, [&](const ScoredSeat& seat) {
    scores_table.add(seat);
    if (on_seat) on_seat(seat);
  });

  AtomicFile totals(folder / "total_scores.csv");
  write_scores_of(totals, standings, types, [](const Standing&) { return true; });
  AtomicFile winners(folder / "winners.csv");
  write_scores_of(winners, standings, types, [](const Standing& s) { return s.rank == 1; });
  AtomicFile stats(folder / "score_stats.csv");
  write_score_stats(stats, standings, types);
  AtomicFile params(folder / "params.json");
  params.write(params_json(tournament, plan));

  for (AtomicFile* file : {&scores, &totals, &winners, &stats, &params}) file->commit(Sync::disk);
  return standings;
}

}  // namespace joust::scoring
