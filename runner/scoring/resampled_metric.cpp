#include "runner/scoring/resampled_metric.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "runner/scoring/compensated_sum.hpp"
#include "runner/scoring/metrics.hpp"

namespace joust::scoring {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMarkEvery = 1024;  // scores

}  // namespace

ResampledMetric::ResampledMetric(Metric metric, std::span<const double> sorted,
                                 std::span<const GroupIndex> groups, std::uint32_t group_count)
    : metric_(metric), sorted_(sorted), groups_(groups), by_group_(group_count) {
  gather_groups();
  if (metric_ == Metric::std) gather_squares();
  if (metric_ == Metric::median || metric_ == Metric::truncated_mean) gather_marks();
}

void ResampledMetric::gather_groups() {
  std::vector<CompensatedSum> sums(by_group_.size());
  for (std::size_t i = 0; i < sorted_.size(); ++i) {
    Group& group = by_group_[groups_[i]];
    if (group.count++ == 0) group.min = sorted_[i];
    group.max = sorted_[i];
    sums[groups_[i]].add(sorted_[i]);
  }
  for (std::size_t g = 0; g < sums.size(); ++g) by_group_[g].sum = sums[g].total();
}

void ResampledMetric::gather_squares() {
  std::vector<CompensatedSum> squares(by_group_.size());
  for (std::size_t i = 0; i < sorted_.size(); ++i) {
    const Group& group = by_group_[groups_[i]];
    const double deviation = sorted_[i] - group.sum / static_cast<double>(group.count);
    squares[groups_[i]].add(deviation * deviation);
  }
  for (std::size_t g = 0; g < squares.size(); ++g) by_group_[g].squares = squares[g].total();
}

void ResampledMetric::gather_marks() {
  const std::size_t width = by_group_.size();
  std::vector<std::uint32_t> counts(width);
  std::vector<CompensatedSum> sums(width);
  const bool with_sums = metric_ == Metric::truncated_mean;
  for (std::size_t i = 0; i < sorted_.size(); ++i) {
    if (i % kMarkEvery == 0) {
      counts_before_.insert(counts_before_.end(), counts.begin(), counts.end());
      if (with_sums) {
        for (const CompensatedSum& sum : sums) sums_before_.push_back(sum.total());
      }
    }
    ++counts[groups_[i]];
    if (with_sums) sums[groups_[i]].add(sorted_[i]);
  }
}

double ResampledMetric::value(std::span<const std::uint32_t> weights) const {
  const std::uint64_t size = drawn(weights);
  if (size == 0) return kUndefined;
  switch (metric_) {
    case Metric::mean:
      return sum(weights) / static_cast<double>(size);
    case Metric::sum:
      return sum(weights);
    case Metric::median:
      return quantile(weights, size, 0.5);
    case Metric::truncated_mean:
      return truncated_mean(weights, size);
    case Metric::min:
      return extreme(weights, false);
    case Metric::max:
      return extreme(weights, true);
    case Metric::std:
      return standard_deviation(weights);
  }
  return kUndefined;
}

std::uint64_t ResampledMetric::drawn(std::span<const std::uint32_t> weights) const {
  std::uint64_t size = 0;
  for (std::size_t g = 0; g < weights.size(); ++g) size += weights[g] * by_group_[g].count;
  return size;
}

double ResampledMetric::sum(std::span<const std::uint32_t> weights) const {
  CompensatedSum sum;
  for (std::size_t g = 0; g < weights.size(); ++g) sum.add(weights[g] * by_group_[g].sum);
  return sum.total();
}

double ResampledMetric::standard_deviation(std::span<const std::uint32_t> weights) const {
  const auto size = static_cast<double>(drawn(weights));
  if (size < 2) return kUndefined;
  const double mean = sum(weights) / size;
  CompensatedSum squares;
  for (std::size_t g = 0; g < weights.size(); ++g) {
    const Group& group = by_group_[g];
    if (weights[g] == 0 || group.count == 0) continue;
    const auto count = static_cast<double>(group.count);
    const double deviation = group.sum / count - mean;
    squares.add(weights[g] * (group.squares + count * deviation * deviation));
  }
  return std::sqrt(squares.total() / (size - 1));
}

double ResampledMetric::extreme(std::span<const std::uint32_t> weights, bool largest) const {
  double extreme = kUndefined;
  for (std::size_t g = 0; g < weights.size(); ++g) {
    const Group& group = by_group_[g];
    if (weights[g] == 0 || group.count == 0) continue;
    extreme = largest ? std::fmax(extreme, group.max) : std::fmin(extreme, group.min);
  }
  return extreme;
}

std::uint64_t ResampledMetric::drawn_before(std::size_t mark,
                                            std::span<const std::uint32_t> weights) const {
  const std::uint32_t* row = counts_before_.data() + mark * weights.size();
  std::uint64_t count = 0;
  for (std::size_t g = 0; g < weights.size(); ++g) count += std::uint64_t{weights[g]} * row[g];
  return count;
}

double ResampledMetric::quantile(std::span<const std::uint32_t> weights, std::uint64_t size,
                                 double q) const {
  const double position = q * static_cast<double>(size - 1);
  const double below = std::floor(position);
  const auto rank = static_cast<std::uint64_t>(below);
  // the last mark with at most `rank` drawn scores before it: the score of that rank follows it
  std::size_t mark = 0;
  std::size_t end = counts_before_.size() / weights.size();
  while (end - mark > 1) {
    const std::size_t middle = mark + (end - mark) / 2;
    (drawn_before(middle, weights) <= rank ? mark : end) = middle;
  }
  std::size_t i = mark * kMarkEvery;
  std::uint64_t seen = drawn_before(mark, weights) + weights[groups_[i]];
  while (seen <= rank) seen += weights[groups_[++i]];
  const double low = sorted_[i];
  if (rank + 1 >= size) return low;
  while (seen <= rank + 1) seen += weights[groups_[++i]];
  return interpolate(low, sorted_[i], position - below);
}

double ResampledMetric::truncated_mean(std::span<const std::uint32_t> weights,
                                       std::uint64_t size) const {
  const double q1 = quantile(weights, size, 0.25);
  const double q3 = quantile(weights, size, 0.75);
  const double fence = q3 + 2 * (q3 - q1);
  const auto kept = static_cast<std::size_t>(
      std::upper_bound(sorted_.begin(), sorted_.end(), fence) - sorted_.begin());
  const std::size_t mark = (kept - 1) / kMarkEvery;
  std::uint64_t count = drawn_before(mark, weights);
  CompensatedSum sum;
  const double* row = sums_before_.data() + mark * weights.size();
  for (std::size_t g = 0; g < weights.size(); ++g) sum.add(weights[g] * row[g]);
  for (std::size_t i = mark * kMarkEvery; i < kept; ++i) {
    count += weights[groups_[i]];
    sum.add(weights[groups_[i]] * sorted_[i]);
  }
  return sum.total() / static_cast<double>(count);
}

}  // namespace joust::scoring
