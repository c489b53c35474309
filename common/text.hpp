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
// negative, or does not fit 64-bit nanoseconds.
std::optional<Duration> parse_duration(std::string_view text);

// "4096", "64KiB", "2GiB", "10MB"; units B, KB, MB, GB (powers of 1000), KiB, MiB, GiB, TiB. Bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

// The shortest text that parse_duration reads back as the same value: "15m", "1500ms".
std::string format_duration(Duration duration);

// The shortest text that parse_size reads back as the same value: "2GiB", "1000B".
std::string format_size(std::uint64_t bytes);

// The shortest decimal text that reads back as the same double, as Python's repr and pandas write it
// ("1.0", "0.1", "1e-07", "nan", "inf").
std::string format_double(double value);

// The candidates that a mistyped name may have meant, nearest first, at most three.
std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates);

}  // namespace joust
