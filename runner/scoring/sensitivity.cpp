#include "runner/scoring/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "runner/scoring/metrics.hpp"

namespace joust::scoring {
namespace {

void assign_ranks(std::vector<Place>& places) {
  for (Place& place : places) {
    if (std::isnan(place.value)) continue;
    const auto better = std::count_if(places.begin(), places.end(), [&](const Place& other) {
      return other.value > place.value;
    });
    place.rank = static_cast<std::uint32_t>(better) + 1;
  }
}

Scenario excluding(Metric metric, std::span<const std::vector<double>> sorted) {
  Scenario scenario;
  for (const std::vector<double>& scores : sorted) {
    scenario.places.push_back({metric_value(metric, summarise_sorted(scores)), 0});
  }
  assign_ranks(scenario.places);
  return scenario;
}

void compare(Scenario& scenario, const Scenario& excluded) {
  for (std::size_t i = 0; i < scenario.places.size(); ++i) {
    const std::uint32_t now = scenario.places[i].rank;
    const std::uint32_t before = excluded.places[i].rank;
    if (now != before) scenario.ranking_changes = true;
    if ((now == 1) != (before == 1)) scenario.winner_changes = true;
  }
}

// REQUIRES: missing.charged is not empty.
Scenario imputing(Metric metric, std::span<const std::vector<double>> sorted,
                  const MissingWorlds& missing, double score, const Scenario& excluded) {
  Scenario scenario;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    scenario.places.push_back({excluded.places[i].value, 0});
    if (missing.charged[i] == 0) continue;
    std::vector<double> scores = sorted[i];
    scores.insert(std::upper_bound(scores.begin(), scores.end(), score), missing.charged[i], score);
    scenario.places.back().value = metric_value(metric, summarise_sorted(scores));
  }
  assign_ranks(scenario.places);
  compare(scenario, excluded);
  return scenario;
}

double worst_of(std::span<const std::vector<double>> sorted) {
  double worst = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<double>& scores : sorted) {
    if (!scores.empty()) worst = std::fmin(worst, scores.front());
  }
  return worst;
}

}  // namespace

Sensitivity sensitivity_to_missing(Metric metric, std::span<const std::vector<double>> sorted,
                                   const MissingWorlds& missing) {
  Sensitivity result;
  result.missing = missing.worlds;
  result.imputed =
      std::accumulate(missing.charged.begin(), missing.charged.end(), std::uint64_t{0});
  result.without_culprit = result.missing - result.imputed;
  result.worst_score = worst_of(sorted);
  result.excluded = excluding(metric, sorted);
  result.worst = result.zero = result.excluded;
  if (result.imputed == 0) return result;
  result.zero = imputing(metric, sorted, missing, 0, result.excluded);
  // without any score there is no worst one
  if (!std::isnan(result.worst_score)) {
    result.worst = imputing(metric, sorted, missing, result.worst_score, result.excluded);
  }
  return result;
}

}  // namespace joust::scoring
