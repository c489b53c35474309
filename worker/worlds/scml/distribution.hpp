#pragma once
// Spreading a quantity over trading partners.

#include <span>

#include "common/random.hpp"

namespace joust::worlds::scml {

// Sets `bins` to a random split of `quantity`. Fewer units than bins: single units to random bins.
// Else everyone gets one unit (or, with `equal`, the same number) and the rest falls on bins at
// random.
void distribute(Rng& rng, int quantity, bool equal, std::span<int> bins);

}  // namespace joust::worlds::scml
