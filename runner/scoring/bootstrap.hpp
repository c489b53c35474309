#pragma once
// The cluster bootstrap: every draw takes as many groups of configurations as there are, with
// replacement, and every competitor and every pair is judged by the same draws. The result does not
// depend on the number of threads.

#include <cstdint>
#include <span>
#include <vector>

#include "runner/scoring/blocks.hpp"
#include "runner/scoring/inference.hpp"

namespace joust::scoring {

inline constexpr std::size_t kBootstrapDraws = 2000;

// How often each group occurs in draw number `draw`: a function of the seed and the number alone.
// Into `weights`; groups that are not in `used` get 0. REQUIRES: `used` not empty.
void draw_weights(std::uint64_t seed, std::uint64_t draw, std::span<const GroupIndex> used,
                  std::span<std::uint32_t> weights);

struct BootstrapDraws {
  std::size_t draws = 0;
  std::size_t competitors = 0;
  std::vector<double> values;            // [competitor * draws + draw]: the metric
  std::vector<std::uint64_t> rank_hits;  // [competitor * competitors + r]: draws with rank r + 1
  std::vector<float> weights;            // [group * draws + draw]: whole numbers

  std::span<const double> values_of(std::size_t competitor) const {
    return {values.data() + competitor * draws, draws};
  }
};

// Uses all threads that oneTBB has. In each draw equal values share the better rank and the next
// one skips; an undefined value has no rank. REQUIRES: `used` not empty.
BootstrapDraws run_bootstrap(std::uint64_t seed, const std::vector<ResampledMetric>& metrics,
                             std::span<const GroupIndex> used, std::uint32_t groups);

// The middle 95 % of the values: their quantiles 0.025 and 0.975, between neighbours by linear
// interpolation. NaN are left out; undefined when nothing is left.
Interval percentile_interval(std::span<const double> values);

// In each draw the mean difference of the pair's worlds; NaN where the draw has none of them.
std::vector<double> resampled_differences(const BootstrapDraws& bootstrap,
                                          std::span<const PairGroup> groups);

// The share of the draws in which a's value is above b's, equal ones counting half, among those in
// which both are defined; NaN when there is none. REQUIRES: as many values of each.
double share_above(std::span<const double> a, std::span<const double> b);

}  // namespace joust::scoring
