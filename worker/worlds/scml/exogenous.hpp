#pragma once
// How a product's daily total is spread over the factories that trade it with the outside world.

#include <span>
#include <vector>

#include "common/random.hpp"

namespace joust::worlds::scml {

// Spreads `total` units over bins, one at a time to a uniformly chosen bin that is below its limit.
// Units that no bin can take are dropped. `limits` is empty for "no limit"; adds to `bins`.
void compose_randomly(Rng& rng, int total, std::span<const int> limits, std::span<int> bins);

// Quantities per day and bin: [day * bins + bin]. Every bin has a base share of its own, which it
// gets, scaled to the day's total, except for the unpredictable share (1 - predictability), which
// is taken away and given back at random. A day's sum is close to its total (rounding), never above
// bins * limit. `limit` < 0 means none.
std::vector<int> spread_over_days(Rng& rng, std::span<const int> totals, int bins,
                                  double predictability, int limit);

}  // namespace joust::worlds::scml
