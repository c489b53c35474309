#pragma once
// The tournament's metric of one competitor's scores in one draw of the bootstrap, in which group g
// of configurations occurs weights[g] times: the metric of the multiset in which every score occurs
// as often as its group, in much less time than it has scores.

#include <cstdint>
#include <span>
#include <vector>

#include "common/tournament.hpp"

namespace joust::scoring {

using GroupIndex = std::uint16_t;

// Immutable; safe to share between threads. Memory beside the spans: 24 bytes per group, and for
// the median and the truncated mean up to 12 bytes per group for each 1024 scores.
class ResampledMetric {
 public:
  // Borrows both spans. REQUIRES: `sorted` ascends, all finite; groups[i] < group_count is the
  // group of sorted[i].
  ResampledMetric(Metric metric, std::span<const double> sorted, std::span<const GroupIndex> groups,
                  std::uint32_t group_count);

  // NaN where the metric is undefined for what was drawn. Time: the groups, or for the median and
  // the truncated mean the groups times log2(scores / 1024), and some 1024 scores.
  // REQUIRES: weights.size() == group_count.
  double value(std::span<const std::uint32_t> weights) const;

 private:
  struct Group {
    std::uint64_t count = 0;
    double sum = 0;
    double squares = 0;  // of the deviations from the group's own mean
    double min = 0;
    double max = 0;
  };

  void gather_groups();
  void gather_squares();
  void gather_marks();

  std::uint64_t drawn(std::span<const std::uint32_t> weights) const;
  double sum(std::span<const std::uint32_t> weights) const;
  double standard_deviation(std::span<const std::uint32_t> weights) const;
  double extreme(std::span<const std::uint32_t> weights, bool largest) const;
  double quantile(std::span<const std::uint32_t> weights, std::uint64_t size, double q) const;
  double truncated_mean(std::span<const std::uint32_t> weights, std::uint64_t size) const;
  // How many drawn scores lie before mark number `mark`.
  std::uint64_t drawn_before(std::size_t mark, std::span<const std::uint32_t> weights) const;

  Metric metric_;
  std::span<const double> sorted_;
  std::span<const GroupIndex> groups_;
  std::vector<Group> by_group_;
  // Row m, of one number per group: the scores before index m * 1024 of the group.
  std::vector<std::uint32_t> counts_before_;
  std::vector<double> sums_before_;
};

}  // namespace joust::scoring
