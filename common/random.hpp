#pragma once
// Random numbers. Engines and distributions come from Boost.Random everywhere, because the standard
// library's distributions differ between implementations. There is one stream per purpose (the
// economy, each agent, each negotiation), so that a draw added in one place changes nothing
// elsewhere.

#include <boost/random/mersenne_twister.hpp>
#include <cstdint>

#include "common/hash.hpp"

namespace joust {

using Rng = boost::random::mt19937_64;

// The stream for `purpose` (a constant of the caller's, distinct for each of its uses) number
// `index` under `seed`. Same arguments, same stream.
inline Rng make_rng(std::uint64_t seed, std::uint64_t purpose, std::uint64_t index = 0) {
  return Rng(hash_numbers({seed, purpose, index}));
}

}  // namespace joust
