#include "runner/scoring/sensitivity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using joust::Metric;
using namespace joust::scoring;

TEST_CASE("the culprit of missing worlds gets the worst score or 0 and may lose the first rank") {
  const std::vector<std::vector<double>> sorted{{2.0, 4.0, 6.0}, {1.5, 3.0, 6.0}, {-1.0, 0.5}};
  const Sensitivity result =
      sensitivity_to_missing(Metric::mean, sorted, {.worlds = 5, .charged = {1, 0, 2}});
  CHECK(result.missing == 5);
  CHECK(result.imputed == 3);
  CHECK(result.without_culprit == 2);
  CHECK(result.worst_score == -1.0);

  CHECK(result.excluded.places[0].value == 4.0);
  CHECK(result.excluded.places[0].rank == 1);
  CHECK_FALSE(result.excluded.winner_changes);

  CHECK(result.worst.places[0].value == 2.75);  // (2 + 4 + 6 - 1) / 4
  CHECK(result.worst.places[1].value == 3.5);
  CHECK(result.worst.places[2].value == -0.625);  // (-1 + 0.5 - 1 - 1) / 4
  CHECK(result.worst.places[1].rank == 1);
  CHECK(result.worst.places[0].rank == 2);
  CHECK(result.worst.winner_changes);
  CHECK(result.worst.ranking_changes);

  CHECK(result.zero.places[0].value == 3.0);  // (2 + 4 + 6 + 0) / 4
  CHECK(result.zero.places[2].value == -0.125);
  CHECK(result.zero.winner_changes);
}

TEST_CASE("a lower place may change while the winner stays") {
  const std::vector<std::vector<double>> sorted{{9.0}, {3.0}, {2.5}};
  const Sensitivity result =
      sensitivity_to_missing(Metric::mean, sorted, {.worlds = 1, .charged = {0, 1, 0}});
  CHECK(result.zero.places[1].rank == 3);
  CHECK_FALSE(result.zero.winner_changes);
  CHECK(result.zero.ranking_changes);
}

TEST_CASE("worlds without a known culprit are counted and change nothing") {
  const std::vector<std::vector<double>> sorted{{1.0}, {1.0}, {}};
  const Sensitivity result = sensitivity_to_missing(Metric::median, sorted, {.worlds = 4});
  CHECK(result.without_culprit == 4);
  CHECK(result.imputed == 0);
  CHECK_FALSE(result.worst.ranking_changes);
  CHECK(result.zero.places[0].rank == 1);
  CHECK(result.zero.places[1].rank == 1);
  CHECK(result.zero.places[2].rank == 0);
}

TEST_CASE("a culprit without any score enters the ranking with what it is given") {
  const std::vector<std::vector<double>> sorted{{-2.0, 1.0}, {}};
  const Sensitivity result =
      sensitivity_to_missing(Metric::max, sorted, {.worlds = 1, .charged = {0, 1}});
  CHECK(result.excluded.places[1].rank == 0);
  CHECK(result.worst.places[1].value == -2.0);
  CHECK(result.zero.places[1].rank == 2);
  CHECK(result.zero.ranking_changes);
}

TEST_CASE("without any score there is no worst one, and only 0 can be given") {
  const std::vector<std::vector<double>> sorted{{}, {}};
  const Sensitivity result =
      sensitivity_to_missing(Metric::mean, sorted, {.worlds = 2, .charged = {1, 0}});
  CHECK(std::isnan(result.worst_score));
  CHECK(result.worst.places[0].rank == 0);
  CHECK(result.zero.places[0].rank == 1);
  CHECK(result.zero.winner_changes);
}
