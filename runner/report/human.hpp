#pragma once
// Numbers for people, a few columns wide. Not for files that programs read.

#include <cstdint>
#include <string>
#include <string_view>

#include "runner/scoring/inference.hpp"

namespace joust::report {

// "8s", "3m05s", "2h04m", "3d07h"; "?" when it is negative, infinite or no number.
std::string human_seconds(double seconds);

// The same for short times, too: "<1 ms", "12 ms", "1.4s".
std::string human_fine_seconds(double seconds);

// "2026-11-21 13:09:49 UTC"; `at` in milliseconds since 1970, "?" beyond the year 9999.
std::string human_time(std::int64_t at);

// "2026-11-21 13:09:49 to 13:10:01 UTC"; both dates when they differ.
std::string human_span(std::int64_t from, std::int64_t to);

// As human_time, for programs: "2026-11-21T13:09:49.017Z".
std::string iso_time(std::int64_t at);

// "512 B", "1.2 GiB".
std::string human_bytes(std::uint64_t bytes);

// "12.3", "980", "0.04", "1.2k", "3.4M".
std::string human_rate(double per_second);

// A score, six decimals where that fits 14 columns; "-" for NaN.
std::string human_score(double score);

// "0.512000 .. 0.571234"; "-" where it is undefined.
std::string human_interval(const scoring::Interval& interval);

// "1 world", "2 worlds".
std::string counted(std::uint64_t count, std::string_view noun);

// As a shell needs it: quoted when it has anything but plain path characters.
std::string shell_word(std::string_view word);

// The command that goes on with the run in that folder; `program` is joust as the user calls it.
std::string resume_command(std::string_view program, std::string_view dir);

// The command that plays one world of that run again, alone.
std::string replay_command(std::string_view program, std::string_view dir, std::uint64_t task,
                           std::uint64_t attempt);

// The command that makes the report as one file for a browser.
std::string html_command(std::string_view program, std::string_view dir);

}  // namespace joust::report
