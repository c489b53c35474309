#pragma once
// Dividing a quantity among partners.

#include <span>

#include "common/random.hpp"

namespace joust::worlds::scml {

struct Division {
  bool equal = false;        // as evenly as possible
  bool may_be_zero = false;  // a bin may get nothing even where there is enough for all
  // Fill one bin after the other, in random order, each up to `most`.
  bool concentrated = false;
  int most = 0;  // per bin; 0: no limit. More than all bins can hold is dropped.
};

// Divides `quantity` (nothing where it is negative) at random among the bins: where there is less
// than one unit for each, some bins get one and the others nothing; otherwise each gets its
// minimum, and every further unit goes to a uniformly chosen bin (beyond `most`, too, unless
// concentrated).
void distribute(Rng& rng, int quantity, const Division& division, std::span<int> bins);

}  // namespace joust::worlds::scml
