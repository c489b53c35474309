#pragma once
// What `joust status` prints, and the line that a running tournament shows.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runner/report/event_tail.hpp"
#include "runner/report/status_file.hpp"

namespace joust::report {

struct StatusContext {
  std::string dir;                // the run directory, as the user gave it
  std::string program = "joust";  // as the user calls it
  bool lock_held =
      false;             // a supervisor works on it; false while state is not final: it was killed
  std::int64_t now = 0;  // milliseconds since 1970
  bool colour = false;
  std::size_t width = 80;  // columns
};

// Several lines, each with its "\n". Only a command to resume may be wider than `width`.
std::string render_status(const RunStatus& status, const StatusContext& context);

// The same for a screen of so many lines, with what the run's events tell: no more lines than that.
// Slots come before events, and three events before further slots.
std::string render_screen(const RunStatus& status, const StatusContext& context, EventTail tail,
                          std::size_t lines);

// One line without "\n" for a terminal of `width` columns, never wider: fields are left out from
// the least important one on (memory, restarts, running, pending, rate, ETA, failed).
std::string render_progress_line(const RunStatus& status, std::size_t width, bool colour);

// The same for a file or a pipe: one whole line without "\n", all fields, no escape sequences.
std::string render_progress_plain(const RunStatus& status);

}  // namespace joust::report
