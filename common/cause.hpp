#pragma once
// Why an attempt at a world failed. Every ending has a name; the names below are what users read in
// reports and events, and they are stable.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace joust {

enum class Cause : std::uint8_t {
  crashed,             // the worker was ended by a signal that joust did not send
  exited,              // the worker ended itself, with any exit code
  timed_out,           // the world's deadline passed
  stalled,             // the world stopped reporting progress (spinning or blocked, see the detail)
  frozen,              // the worker was stopped (SIGSTOP) and did not come back
  out_of_memory,       // it took more than its limit, or than there was, or got no more
  world_error,         // the world threw an exception; the detail is its text
  result_too_large,    // the result exceeds the limit; the detail names both sizes
  protocol_violation,  // the worker's shared memory or messages made no sense
  launch_failed,       // the worker never became ready
  cancelled,           // joust itself ended the attempt (interruption, drain)
};

inline constexpr std::array<std::string_view, 11> kCauseNames = {
    "crashed",       "exited",           "timed_out",
    "stalled",       "frozen",           "out_of_memory",
    "world_error",   "result_too_large", "protocol_violation",
    "launch_failed", "cancelled"};

// The stable name of a cause, for example "timed_out".
constexpr std::string_view cause_name(Cause cause) {
  return kCauseNames[static_cast<std::size_t>(cause)];
}

// The cause with that name, or nothing.
constexpr std::optional<Cause> cause_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kCauseNames.size(); ++i) {
    if (kCauseNames[i] == name) return static_cast<Cause>(i);
  }
  return std::nullopt;
}

}  // namespace joust
