#include "runner/scoring/standings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "common/result_codec.hpp"
#include "runner/scoring/blocks.hpp"
#include "runner/scoring/resampled_metric.hpp"
#include "runner/scoring/score_book.hpp"
#include "runner/scoring/strikes.hpp"

namespace joust::scoring {
namespace {

class Accumulator {
 public:
  Accumulator(const Tournament& tournament, const Plan& plan, bool with_blocks,
              const std::map<TaskIndex, std::uint32_t>& culprits, const WorldVisitor& on_world)
      : strikes_(tournament, plan, culprits),
        competitors_(tournament.setup.competitors),
        plan_(plan),
        on_world_(on_world),
        scores_(competitors_.size(), with_blocks),
        worlds_done_(competitors_.size()),
        worlds_expected_(plan.worlds_here_by_competitor()),
        unusable_(competitors_.size()),
        forfeits_(competitors_.size()) {
    if (with_blocks) blocks_.emplace(plan.shape().configs, plan.shape().competitors);
  }

  void add(const journal::ResultRow& row) {
    check_order(row.task);
    const std::optional<WorldResult> result = decode_result(row.encoded);
    const PlanCell cell = plan_.cell(row.task);
    plan_.seats(cell, seats_);
    if (!result || result->seats.size() > seats_.size()) {
      throw journal::JournalError(
          fmt::format("the journal's result of task {} ({} bytes) is not a result of this "
                      "tournament: run.db was damaged, or written by another version of joust",
                      row.task, row.encoded.size()));
    }
    if (strikes_.is_void(row.task)) return;
    ++worlds_;
    usable_.clear();
    scored_.clear();
    for (std::uint32_t seat = 0; seat < seats_.size(); ++seat) {
      add_seat(row.task, seat, seat < result->seats.size() ? &result->seats[seat] : nullptr);
    }
    const GroupIndex group = blocks_ ? blocks_->group_of(cell.config) : GroupIndex{0};
    for (const SeatScore& seat : usable_) scores_.add(seat.competitor, seat.score, group);
    if (blocks_) blocks_->add_world(cell.config, usable_);
    if (on_world_) on_world_({row, *result, scored_});
  }

  // Call once, after the last result and before what follows.
  void finish() {
    strikes_.finish();
    scores_.sort();
    for (const std::vector<double>& scores : scores_.scores()) {
      summaries_.push_back(summarise_sorted(scores));
    }
  }

  std::uint64_t worlds() const { return worlds_; }

  Standing standing(std::uint32_t competitor, Metric metric) const {
    Standing standing;
    standing.competitor = competitor;
    standing.name = competitors_[competitor].name;
    standing.summary = summaries_[competitor];
    standing.value = metric_value(metric, standing.summary);
    standing.worlds_done = worlds_done_[competitor];
    standing.worlds_expected = worlds_expected_[competitor];
    standing.unusable = unusable_[competitor];
    standing.forfeits = forfeits_[competitor];
    standing.disqualified_at = strikes_.out_at(competitor);
    return standing;
  }

  const std::optional<Disqualification>& disqualification() const { return strikes_.rule(); }

  std::vector<PairTests> pair_tests() const {
    return test_pairs(by_appearance_, summaries_, scores_.scores());
  }

  // Those who are out compete no more: nothing is drawn or assumed for them below.
  void forget_disqualified() {
    for (std::uint32_t i = 0; i < competitors_.size(); ++i) {
      if (strikes_.out_at(i)) scores_.forget(i);
    }
  }

  Sensitivity sensitivity(Metric metric, const MissingWorlds& missing) const {
    return sensitivity_to_missing(metric, scores_.scores(), missing);
  }

  // REQUIRES: with_blocks.
  Inference inference(Metric metric, std::span<const std::uint32_t> ranks) const {
    std::vector<ResampledMetric> metrics;
    for (std::uint32_t i = 0; i < competitors_.size(); ++i) {
      metrics.emplace_back(metric, scores_.scores()[i], scores_.groups(i), blocks_->groups());
    }
    return infer(plan_.shape().seed, *blocks_, metrics, ranks);
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
    if (worlds_done_[competitor]++ == 0) by_appearance_.push_back(competitor);
    if (result != nullptr && !result->forfeit.empty()) {
      ++forfeits_[competitor];
      strikes_.forfeit(task, competitor);
    }
    if (std::isfinite(score)) {
      usable_.push_back({competitor, score});
    } else {
      ++unusable_[competitor];
    }
    if (!on_world_) return;
    const bool named = result != nullptr && !result->agent_name.empty();
    scored_.push_back({.task = task,
                       .seat = seat,
                       .competitor = competitor,
                       .agent_name = named ? result->agent_name : competitors_[competitor].name,
                       .score = score});
  }

  Strikes strikes_;
  const std::vector<Competitor>& competitors_;
  const Plan& plan_;
  const WorldVisitor& on_world_;
  ScoreBook scores_;
  std::optional<Blocks> blocks_;
  std::vector<Summary> summaries_;            // by competitor
  std::vector<std::uint32_t> by_appearance_;  // competitors, as their first seats came
  std::vector<std::uint64_t> worlds_done_;
  std::vector<std::uint64_t> worlds_expected_;
  std::vector<std::uint64_t> unusable_;
  std::vector<std::uint64_t> forfeits_;
  std::vector<std::uint32_t> seats_;  // of the world being added
  std::vector<SeatScore> usable_;     // its usable scores
  std::vector<ScoredSeat> scored_;    // all of them, for who looks on
  std::optional<TaskIndex> last_;
  std::uint64_t worlds_ = 0;
};

bool better(const Standing& a, const Standing& b) {
  if (a.disqualified_at.has_value() != b.disqualified_at.has_value()) {
    return b.disqualified_at.has_value();
  }
  const bool a_undefined = std::isnan(a.value);
  const bool b_undefined = std::isnan(b.value);
  if (a_undefined != b_undefined) return b_undefined;
  if (!a_undefined && a.value != b.value) return a.value > b.value;
  return a.name < b.name;
}

// REQUIRES: sorted best first.
void assign_ranks(std::vector<Standing>& ranking) {
  for (std::size_t i = 0; i < ranking.size(); ++i) {
    if (std::isnan(ranking[i].value) || ranking[i].disqualified_at) break;
    const bool equals_previous = i > 0 && ranking[i].value == ranking[i - 1].value;
    ranking[i].rank = equals_previous ? ranking[i - 1].rank : static_cast<std::uint32_t>(i) + 1;
    if (equals_previous) ranking[i].tied = ranking[i - 1].tied = true;
  }
}

// By competitor.
std::vector<std::uint32_t> ranks(const Standings& standings) {
  std::vector<std::uint32_t> ranks(standings.ranking.size());
  for (const Standing& standing : standings.ranking) ranks[standing.competitor] = standing.rank;
  return ranks;
}

MissingWorlds missing_worlds(const Standings& standings, const std::set<TaskIndex>& given_up,
                             const std::map<TaskIndex, std::uint32_t>& culprits) {
  MissingWorlds missing{.worlds = standings.coverage.missing() - standings.coverage.voided,
                        .charged = std::vector<std::uint64_t>(standings.ranking.size())};
  for (const auto& [task, culprit] : culprits) {
    if (given_up.contains(task)) ++missing.charged.at(culprit);
  }
  // whose place cannot change any more
  for (const Standing& standing : standings.ranking) {
    if (!standing.disqualified_at) continue;
    missing.worlds -= missing.charged[standing.competitor];
    missing.charged[standing.competitor] = 0;
  }
  return missing;
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
    return standing.disqualified_at || standing.summary.count == ranking.front().summary.count;
  });
}

Standings compute_standings(const Tournament& tournament, const Plan& plan,
                            const ResultSource& source, const StandingsOptions& options,
                            const WorldVisitor& on_world) {
  std::set<TaskIndex> given_up;
  for (const journal::QuarantineRow& row : source.quarantined()) given_up.insert(row.task);

  const bool too_many = plan.shape().competitors > kMostCompared;
  const bool with_blocks = options.inference && !too_many;
  Accumulator accumulator(tournament, plan, with_blocks, options.culprits, on_world);
  source.for_each_result([&](const journal::ResultRow& row) {
    accumulator.add(row);
    // a world that was given up and yet counted, by a later session, is done
    given_up.erase(row.task);
  });
  accumulator.finish();

  Standings standings;
  standings.disqualification = accumulator.disqualification();
  if (const auto& rule = standings.disqualification) {
    std::erase_if(given_up, [&](TaskIndex task) { return rule->void_for(task).has_value(); });
    standings.coverage.voided = rule->count_void();
  }
  standings.metric = tournament.metric;
  standings.coverage.shard = plan.shard();
  standings.coverage.expected = plan.worlds_here();
  standings.coverage.done = accumulator.worlds();
  standings.coverage.quarantined = given_up.size();
  for (std::uint32_t i = 0; i < tournament.setup.competitors.size(); ++i) {
    standings.ranking.push_back(accumulator.standing(i, tournament.metric));
    standings.coverage.unusable += standings.ranking.back().unusable;
  }
  std::sort(standings.ranking.begin(), standings.ranking.end(), better);
  assign_ranks(standings.ranking);
  if (options.pair_tests) standings.tests = accumulator.pair_tests();
  accumulator.forget_disqualified();
  if (with_blocks) {
    standings.inference = accumulator.inference(tournament.metric, ranks(standings));
  }
  standings.inference.too_many_competitors = options.inference && too_many;
  const MissingWorlds missing = missing_worlds(standings, given_up, options.culprits);
  if (missing.worlds > 0) {
    standings.sensitivity = accumulator.sensitivity(tournament.metric, missing);
  }
  return standings;
}

}  // namespace joust::scoring
