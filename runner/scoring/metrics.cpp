#include "runner/scoring/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runner/scoring/compensated_sum.hpp"

namespace joust::scoring {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> values) {
  return compensated_sum(values) / static_cast<double>(values.size());
}

double sample_std(std::span<const double> values, double mean) {
  if (values.size() < 2) return kUndefined;
  CompensatedSum squares;
  for (const double value : values) squares.add((value - mean) * (value - mean));
  return std::sqrt(squares.total() / static_cast<double>(values.size() - 1));
}

// Everything when the fence is not a number (quartiles so large that their difference overflows).
double truncated_mean(std::span<const double> sorted, double q1, double q3) {
  const double fence = q3 + 2 * (q3 - q1);
  const auto beyond = std::upper_bound(sorted.begin(), sorted.end(), fence);
  return mean_of(sorted.first(static_cast<std::size_t>(beyond - sorted.begin())));
}

}  // namespace

double compensated_sum(std::span<const double> values) {
  CompensatedSum sum;
  for (const double value : values) sum.add(value);
  return sum.total();
}

double quantile(std::span<const double> sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const double below = std::floor(position);
  const auto index = static_cast<std::size_t>(below);
  if (index + 1 >= sorted.size()) return sorted.back();
  const double weight = position - below;
  const double low = sorted[index];
  const double high = sorted[index + 1];
  return interpolate(low, high, weight);
}

double interpolate(double low, double high, double weight) {
  // from the nearer end, which keeps the result between the two
  return weight >= 0.5 ? high - (high - low) * (1 - weight) : low + (high - low) * weight;
}

Summary summarise(std::vector<double>& scores) {
  std::sort(scores.begin(), scores.end());
  return summarise_sorted(scores);
}

Summary summarise_sorted(std::span<const double> scores) {
  Summary summary{.count = scores.size(),
                  .sum = 0,
                  .mean = kUndefined,
                  .truncated_mean = kUndefined,
                  .std = kUndefined,
                  .min = kUndefined,
                  .q1 = kUndefined,
                  .median = kUndefined,
                  .q3 = kUndefined,
                  .max = kUndefined};
  if (scores.empty()) {
    summary.sum = kUndefined;
    return summary;
  }
  summary.sum = compensated_sum(scores);
  summary.mean = summary.sum / static_cast<double>(scores.size());
  summary.std = sample_std(scores, summary.mean);
  summary.min = scores.front();
  summary.q1 = quantile(scores, 0.25);
  summary.median = quantile(scores, 0.5);
  summary.q3 = quantile(scores, 0.75);
  summary.max = scores.back();
  summary.truncated_mean = truncated_mean(scores, summary.q1, summary.q3);
  return summary;
}

double metric_value(Metric metric, const Summary& summary) {
  switch (metric) {
    case Metric::mean:
      return summary.mean;
    case Metric::median:
      return summary.median;
    case Metric::truncated_mean:
      return summary.truncated_mean;
    case Metric::min:
      return summary.min;
    case Metric::max:
      return summary.max;
    case Metric::std:
      return summary.std;
    case Metric::sum:
      return summary.sum;
  }
  return kUndefined;
}

}  // namespace joust::scoring
