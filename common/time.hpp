#pragma once
// Time as joust uses it: points on CLOCK_MONOTONIC, passed in as arguments. The clock below has no
// now(): whoever needs the time must be given it. Only runner/os and the worker loop read the
// clock.

#include <chrono>

namespace joust {

using Duration = std::chrono::nanoseconds;

struct MonotonicClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<MonotonicClock, Duration>;
  static constexpr bool is_steady = true;  // NOLINT(readability-identifier-naming): the standard's
};

using TimePoint = MonotonicClock::time_point;

// A deadline that is not armed.
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace joust
