#pragma once
// Text that people write and read: durations and sizes with units, near misses of names.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time.hpp"

namespace joust {

// "15m", "250ms", "1.5h", "0s"; units ns, us, ms, s, m, h, d. Nothing when it is not that, is
// negative, is no whole number of nanoseconds, or does not fit 64 bits of them.
std::optional<Duration> parse_duration(std::string_view text);

// "4096", "64KiB", "1.5GiB", "10MB"; units B, KB, MB, GB (powers of 1000), KiB, MiB, GiB, TiB.
// Bytes. Nothing when it is not that, is no whole number of bytes, or does not fit 64 bits.
std::optional<std::uint64_t> parse_size(std::string_view text);

// In the largest unit that divides it, so that parse_duration reads the same value back: "15m",
// "1500ms", "0s". REQUIRES: not negative.
std::string format_duration(Duration duration);

// In the largest power of 1024 that divides it, so that parse_size reads the same value back:
// "2GiB", "1000B", "0B".
std::string format_size(std::uint64_t bytes);

// The shortest decimal text that reads back as the same double, as Python's repr and pandas write
// it
// ("1.0", "0.1", "1e-07", "nan", "inf").
std::string format_double(double value);

// The candidates that a mistyped name may have meant, nearest first, at most three.
std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates);

}  // namespace joust
