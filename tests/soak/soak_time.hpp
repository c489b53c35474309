#pragma once
// How long a soak is.

#include <chrono>

#include "tests/support/environment.hpp"

namespace joust::test {

// Of all its tests together.
inline std::chrono::seconds soak_time() {
  return std::chrono::minutes(number_from_environment("JOUST_SOAK_MINUTES").value_or(1));
}

}  // namespace joust::test
