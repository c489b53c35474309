#pragma once
// What the worlds without a result could do to the ranking.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "common/tournament.hpp"

namespace joust::scoring {

// The worlds without a result, and whose fault that is.
struct MissingWorlds {
  std::uint64_t worlds = 0;
  // By competitor: missing worlds of which the evidence names it as the culprit.
  std::vector<std::uint64_t> charged = {};
};

struct Place {
  double value = std::numeric_limits<double>::quiet_NaN();  // of the metric
  std::uint32_t rank = 0;                                   // as in the standings; 0: no value
};

// The standings under one assumption about the missing worlds.
struct Scenario {
  std::vector<Place> places;     // by competitor
  bool winner_changes = false;   // another set of competitors has rank 1 than in `excluded`
  bool ranking_changes = false;  // somebody has another rank than in `excluded`
};

struct Sensitivity {
  std::uint64_t missing = 0;  // worlds without a result
  std::uint64_t imputed = 0;  // of these, the ones whose culprit is known
  std::uint64_t without_culprit =
      0;  // the rest: nothing can be assumed, they stay out of all three
  double worst_score = std::numeric_limits<double>::quiet_NaN();  // of anybody in the tournament
  Scenario excluded;  // missing worlds are left out, as in the standings
  Scenario worst;     // the culprit gets `worst_score` in each (`excluded` when there is no score)
  Scenario zero;      // the culprit gets 0 in each
};

// Only the culprit of a world gets a score in it; the others have none there. Pure. Time and memory
// are linear in the scores of those who are charged.
// REQUIRES: sorted[i] ascends and has the usable scores of competitor i; missing.charged is empty
// or has one number per competitor, whose sum is at most missing.worlds.
Sensitivity sensitivity_to_missing(Metric metric, std::span<const std::vector<double>> sorted,
                                   const MissingWorlds& missing);

}  // namespace joust::scoring
