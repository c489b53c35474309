#include "worker/worlds/scml/subset.hpp"

#include <bit>
#include <cstdlib>

namespace joust::worlds::scml {

Subset nearest_subset(std::span<const int> quantities, int target, std::vector<int>& totals) {
  const std::uint32_t end = std::uint32_t{1} << quantities.size();
  if (totals.size() < end) totals.resize(end);
  totals[0] = 0;
  Subset best{0, std::abs(target)};
  int best_size = 0;
  for (std::uint32_t members = 1; members < end; ++members) {
    const auto lowest = static_cast<std::size_t>(std::countr_zero(members));
    totals[members] = totals[members & (members - 1)] + quantities[lowest];
    const int distance = std::abs(totals[members] - target);
    if (distance > best.distance) continue;
    const int size = std::popcount(members);
    if (distance == best.distance && size <= best_size) continue;
    best = {members, distance};
    best_size = size;
  }
  return best;
}

}  // namespace joust::worlds::scml
