#pragma once
// The only places of the supervisor that look at a clock.

#include <chrono>
#include <cstdint>

#include "common/time.hpp"

namespace joust::os {

inline TimePoint now() { return TimePoint(std::chrono::steady_clock::now().time_since_epoch()); }

// Milliseconds since 1970, for people to read; nothing is decided by it.
inline std::int64_t unix_millis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace joust::os
