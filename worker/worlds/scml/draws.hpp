#pragma once
// Random draws, all from Boost.Random so that every build gives the same numbers.

#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <span>
#include <utility>

#include "common/parameters.hpp"
#include "common/random.hpp"

namespace joust::worlds::scml {

// Uniform over the integers low..high. REQUIRES low <= high.
inline int draw_int(Rng& rng, int low, int high) {
  return boost::random::uniform_int_distribution<int>(low, high)(rng);
}

inline int draw_int(Rng& rng, const IntegerRange& range) {
  return draw_int(rng, static_cast<int>(range.low), static_cast<int>(range.high));
}

// Uniform over [0, 1).
inline double draw_unit(Rng& rng) { return boost::random::uniform_01<double>()(rng); }

inline double draw_real(Rng& rng, const RealRange& range) {
  return range.low + draw_unit(rng) * (range.high - range.low);
}

// Standard normal. Each call is independent of earlier ones: the distribution keeps no half-used
// pair.
inline double draw_normal(Rng& rng) { return boost::random::normal_distribution<double>()(rng); }

template <class T>
void shuffle(Rng& rng, std::span<T> items) {
  for (std::size_t left = items.size(); left > 1; --left) {
    const int pick = draw_int(rng, 0, static_cast<int>(left) - 1);
    std::swap(items[left - 1], items[static_cast<std::size_t>(pick)]);
  }
}

}  // namespace joust::worlds::scml
