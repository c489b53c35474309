#pragma once
// What joust-stacks prints, piece by piece, and the limit on its time.

#include <string>
#include <string_view>

namespace joust::stacks {

inline constexpr int kAllTaken = 0;    // exit codes
inline constexpr int kSomeFailed = 1;  // a process could not be looked into, or time ran out
inline constexpr int kBadUsage = 2;

// Writes to standard output at once, so that it is out when time is up.
void print(std::string_view text);

// Something could not be written: what is there is not whole.
bool print_failed();

// From now on this process has so much time, whatever it is doing; then it says on standard output
// that it was cut off, and exits with kSomeFailed. REQUIRES: milliseconds > 0.
void limit_time(long milliseconds);

}  // namespace joust::stacks
