#pragma once
// What a competitor's scores amount to: the numbers of pandas' describe() and the tournament's
// metric. Pure functions of the multiset of scores: the order in which they arrive changes no bit.

#include <cstdint>
#include <span>
#include <vector>

#include "common/tournament.hpp"

namespace joust::scoring {

// Undefined numbers are NaN: all of them when there is no score, `std` when there is only one.
struct Summary {
  std::uint64_t count = 0;
  double sum = 0;
  double mean = 0;
  double truncated_mean = 0;  // mean of the scores up to q3 + 2 * (q3 - q1); no lower fence
  double std = 0;             // of a sample: divides by count - 1, as pandas does
  double min = 0;
  double q1 = 0;
  double median = 0;
  double q3 = 0;
  double max = 0;
};

// Sorts `scores` in place, so that tens of millions of them need no copy.
// REQUIRES: all scores are finite.
Summary summarise(std::vector<double>& scores);

// REQUIRES: sorted, all finite.
Summary summarise_sorted(std::span<const double> scores);

// The number that ranks: larger is better whatever the metric is. NaN when it is undefined.
double metric_value(Metric metric, const Summary& summary);

// Linear interpolation between the neighbours of position q * (size - 1), to the bit as numpy does
// it. REQUIRES: sorted, not empty, 0 <= q <= 1.
double quantile(std::span<const double> sorted, double q);

// The point between `low` (weight 0) and `high` (weight 1), to the bit as numpy does it.
double interpolate(double low, double high, double weight);

// Compensated (Neumaier), left to right.
double compensated_sum(std::span<const double> values);

}  // namespace joust::scoring
