#include "runner/scoring/standings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "common/result_codec.hpp"

namespace joust::scoring {
namespace {

class Accumulator {
 public:
  Accumulator(const Tournament& tournament, const Plan& plan, const SeatVisitor& on_seat,
              const WorldVisitor& on_world)
      : competitors_(tournament.setup.competitors),
        plan_(plan),
        on_seat_(on_seat),
        on_world_(on_world),
        scores_(competitors_.size()),
        worlds_done_(competitors_.size()),
        unusable_(competitors_.size()) {}

  void add(const journal::ResultRow& row) {
    check_order(row.task);
    const std::optional<WorldResult> result = decode_result(row.encoded);
    plan_.seats(plan_.cell(row.task), seats_);
    if (!result || result->seats.size() > seats_.size()) {
      throw journal::JournalError(
          fmt::format("the journal's result of task {} ({} bytes) is not a result of this "
                      "tournament: run.db was damaged, or written by another version of joust",
                      row.task, row.encoded.size()));
    }
    ++worlds_;
    scored_.clear();
    for (std::uint32_t seat = 0; seat < seats_.size(); ++seat) {
      add_seat(row.task, seat, seat < result->seats.size() ? &result->seats[seat] : nullptr);
    }
    if (on_world_) on_world_({row, *result, scored_});
  }

  std::uint64_t worlds() const { return worlds_; }

  Standing standing(std::uint32_t competitor, Metric metric) {
    Standing standing;
    standing.competitor = competitor;
    standing.name = competitors_[competitor].name;
    standing.summary = summarise(scores_[competitor]);
    standing.value = metric_value(metric, standing.summary);
    standing.worlds_done = worlds_done_[competitor];
    standing.worlds_expected = plan_.worlds_per_competitor();
    standing.unusable = unusable_[competitor];
    std::vector<double>().swap(scores_[competitor]);
    return standing;
  }

 private:
  void check_order(TaskIndex task) {
    if (task >= plan_.worlds()) {
      throw journal::JournalError(
          fmt::format("the journal has a result of task {}, but the tournament has only {} worlds: "
                      "run.db does not belong to this spec",
                      task, plan_.worlds()));
    }
    if (last_ && task <= *last_) {
      throw journal::JournalError(
          fmt::format("the journal gave the result of task {} after that of task {}: run.db is "
                      "damaged",
                      task, *last_));
    }
    last_ = task;
  }

  void add_seat(TaskIndex task, std::uint32_t seat, const SeatResult* result) {
    const std::uint32_t competitor = seats_[seat];
    const double score = result ? result->score : std::numeric_limits<double>::quiet_NaN();
    ++worlds_done_[competitor];
    if (std::isfinite(score)) {
      scores_[competitor].push_back(score);
    } else {
      ++unusable_[competitor];
    }
    const bool named = result != nullptr && !result->agent_name.empty();
    scored_.push_back({.task = task,
                       .seat = seat,
                       .competitor = competitor,
                       .agent_name = named ? result->agent_name : competitors_[competitor].name,
                       .score = score});
    if (on_seat_) on_seat_(scored_.back());
  }

  const std::vector<Competitor>& competitors_;
  const Plan& plan_;
  const SeatVisitor& on_seat_;
  const WorldVisitor& on_world_;
  std::vector<std::vector<double>> scores_;
  std::vector<std::uint64_t> worlds_done_;
  std::vector<std::uint64_t> unusable_;
  std::vector<std::uint32_t> seats_;
  std::vector<ScoredSeat> scored_;  // of the world at hand
  std::optional<TaskIndex> last_;
  std::uint64_t worlds_ = 0;
};

bool better(const Standing& a, const Standing& b) {
  const bool a_undefined = std::isnan(a.value);
  const bool b_undefined = std::isnan(b.value);
  if (a_undefined != b_undefined) return b_undefined;
  if (!a_undefined && a.value != b.value) return a.value > b.value;
  return a.name < b.name;
}

// REQUIRES: sorted best first.
void assign_ranks(std::vector<Standing>& ranking) {
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    if (std::isnan(ranking[i].value)) break;
    const bool equals_previous = i > 0 && ranking[i].value == ranking[i - 1].value;
    ranking[i].rank = equals_previous ? ranking[i - 1].rank : static_cast<std::uint32_t>(i) + 1;
    if (equals_previous) ranking[i].tied = ranking[i - 1].tied = true;
  }
}

}  // namespace

std::vector<const Standing*> Standings::winners() const {
  std::vector<const Standing*> winners;
  for (const Standing& standing : ranking) {
    if (standing.rank == 1) winners.push_back(&standing);
  }
  return winners;
}

bool Standings::even() const {
  return std::all_of(ranking.begin(), ranking.end(), [&](const Standing& standing) {
    return standing.summary.count == ranking.front().summary.count;
  });
}

Standings compute_standings(const Tournament& tournament, const Plan& plan,
                            const ResultSource& source, const SeatVisitor& on_seat,
                            const WorldVisitor& on_world) {
  std::set<TaskIndex> given_up;
  for (const journal::QuarantineRow& row : source.quarantined()) given_up.insert(row.task);

  Accumulator accumulator(tournament, plan, on_seat, on_world);
  source.for_each_result([&](const journal::ResultRow& row) {
    accumulator.add(row);
    // a world that was given up and yet counted, by a later session, is done
    given_up.erase(row.task);
  });

  Standings standings;
  standings.metric = tournament.metric;
  standings.coverage.expected = plan.worlds();
  standings.coverage.done = accumulator.worlds();
  standings.coverage.quarantined = given_up.size();
  for (std::uint32_t i = 0; i < tournament.setup.competitors.size(); ++i) {
    standings.ranking.push_back(accumulator.standing(i, tournament.metric));
    standings.coverage.unusable += standings.ranking.back().unusable;
  }
  std::sort(standings.ranking.begin(), standings.ranking.end(), better);
  assign_ranks(standings.ranking);
  return standings;
}

}  // namespace joust::scoring
