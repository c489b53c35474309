#pragma once
// The end of a run's events.jsonl (runner/cli/EVENTS.md), for people who look on.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace joust::report {

struct EventTail {
  std::vector<std::string> events;  // oldest first, one printable line each; no samples
  std::vector<double> rates;        // worlds per second between two samples, oldest first
};

// The last `events` events and the rates of the last `samples` samples of the newest session, as
// far as they lie in the last 256 KiB of the file. Lines that are damaged are left out; a file that
// cannot be read gives nothing.
EventTail read_event_tail(const std::filesystem::path& run_dir, std::size_t events,
                          std::size_t samples);

// What `joust status --watch` shows of it, several lines of at most `width` columns; empty when
// there is nothing to show.
std::string render_tail(const EventTail& tail, std::size_t width, bool colour);

// One block character for each value, from a space for 0 to a full block for the largest.
std::string sparkline(const std::vector<double>& values);

}  // namespace joust::report
