#pragma once
// Choosing which offers to take together.

#include <cstdint>
#include <span>
#include <vector>

namespace joust::worlds::scml {

struct Subset {
  std::uint32_t members = 0;  // bit i: quantity i is in
  int distance = 0;           // between its total and the target
};

// The subset of quantities (at most 16, none negative) whose total is nearest to `target`; among
// equals the one with most members, among those any fixed one: shuffle the quantities to be fair.
// `totals` is scratch space that grows to 2^n.
Subset nearest_subset(std::span<const int> quantities, int target, std::vector<int>& totals);

}  // namespace joust::worlds::scml
