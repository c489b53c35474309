#pragma once
// What `joust status` prints, and the line that a running tournament shows.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runner/report/status_file.hpp"

namespace joust::report {

struct StatusContext {
  std::string dir;                // the run directory, as the user gave it
  std::string program = "joust";  // as the user calls it
  bool lock_held =
      false;             // a supervisor works on it; false while state is not final: it was killed
  std::int64_t now = 0;  // milliseconds since 1970
  bool colour = false;
};

// Several lines, each with its "\n".
std::string render_status(const RunStatus& status, const StatusContext& context);

// A table of the slots, each line with its "\n": what each worker plays and since when, how long
// ago its world last reported progress, its memory and processor time.
std::string render_slots(const std::vector<SlotStatus>& slots, bool colour);

// One line without "\n" for a terminal of `width` columns, never wider: fields are left out from
// the least important one on (memory, restarts, running, pending, rate, ETA, failed).
std::string render_progress_line(const RunStatus& status, std::size_t width, bool colour);

// The same for a file or a pipe: one whole line without "\n", all fields, no escape sequences.
std::string render_progress_plain(const RunStatus& status);

}  // namespace joust::report
