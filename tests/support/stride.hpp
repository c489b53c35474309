#pragma once
// How far apart the points of a sweep are.

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "common/parse_number.hpp"

namespace joust::test {

// What the environment variable says, at least 1; `usual` when it is not set.
inline std::uint64_t stride(const char* variable, std::uint64_t usual) {
  const char* every = std::getenv(variable);
  if (every == nullptr) return usual;
  return std::max<std::uint64_t>(1, parse_number<std::uint64_t>(every).value_or(1));
}

}  // namespace joust::test
