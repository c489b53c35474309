#pragma once
// How long a soak is.

#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "common/parse_number.hpp"

namespace joust::test {

inline std::uint64_t number_of_environment(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : parse_number<std::uint64_t>(text).value_or(otherwise);
}

// Of all its tests together.
inline std::chrono::seconds soak_time() {
  return std::chrono::minutes(number_of_environment("JOUST_SOAK_MINUTES", 1));
}

inline std::uint64_t first_seed() { return number_of_environment("JOUST_SOAK_SEED", 1); }

}  // namespace joust::test
