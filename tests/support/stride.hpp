#pragma once
// How far apart the points of a sweep are.

#include <algorithm>

#include "tests/support/environment.hpp"

namespace joust::test {

// What the environment variable says, at least 1; `usual` when it is not set.
inline std::uint64_t stride(const char* variable, std::uint64_t usual) {
  return std::max<std::uint64_t>(1, number_from_environment(variable).value_or(usual));
}

}  // namespace joust::test
