#pragma once
// The journal: what is done, as rows of one SQLite database (run.db). "Counted" means that a row is
// committed. This header has what both the writer and the readers speak of.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/cause.hpp"
#include "common/ids.hpp"
#include "common/time.hpp"

namespace joust::journal {

// The journal can not be opened, read or written: the text names the file, what failed (SQLite's or
// the system's words) and what to do. `disk_full` tells that one case apart.
struct JournalError : std::runtime_error {
  explicit JournalError(const std::string& text, bool full = false)
      : std::runtime_error(text), disk_full(full) {}
  bool disk_full = false;
};

// Milliseconds since 1970 (wall clock, for people only: nothing is decided by it).
using UnixMillis = std::int64_t;

struct ResultRow {
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  Duration played{0};        // time the world took in the worker
  std::string_view encoded;  // common/result_codec.hpp
  SlotIndex slot = 0;        // who played it
  UnixMillis at = 0;         // when it was accepted
};

struct FailedAttempt {
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  Cause cause = Cause::crashed;
  std::string detail;  // one line: "signal 11 (SIGSEGV)", "exit code 3", an exception's text
  SlotIndex slot = 0;
  Epoch epoch = 0;
  Duration played{0};
  UnixMillis at = 0;
  std::string log;         // path relative to the run directory; empty: nothing was printed
  bool charged = true;     // counts towards quarantine
  std::string stack = {};  // path relative to the run directory; empty: no stacks were taken
  // The competitor that the evidence names, as an index into WorldSetup::competitors; nothing: the
  // failure is the world's.
  std::optional<std::uint32_t> culprit = {};
  std::uint64_t session = 0;  // as read; who writes a row has it put into the writer's session
};

struct QuarantineRow {
  TaskIndex task = 0;
  Cause cause = Cause::crashed;  // of the last attempt
};

// One worker process, from start to end.
struct WorkerStart {
  SlotIndex slot = 0;
  Epoch epoch = 0;
  std::int64_t pid = 0;
  UnixMillis at = 0;
  std::uint64_t session = 0;  // as of a failed attempt
};

struct WorkerEnd {
  SlotIndex slot = 0;
  Epoch epoch = 0;
  UnixMillis at = 0;
  bool lost = false;           // it died or was killed; false: it was asked to end
  std::string ending;          // "signal 9 (SIGKILL)", "exit code 0"
  std::optional<Cause> cause;  // when lost
  std::uint64_t session = 0;   // as of a failed attempt
};

// One supervisor process working on this run directory: the first is `run`, later ones are
// `resume`.
struct Session {
  std::uint64_t number = 0;  // counted from 1
  UnixMillis started = 0;
  std::optional<UnixMillis> ended;  // nothing: it was killed, or still runs
  std::string ending;  // "finished", "interrupted", "pool broken", "journal error", ...
  std::uint32_t workers = 0;
  std::string
      containment;  // how the processes that worlds start are ended: "cgroup", "mark", "none"
};

}  // namespace joust::journal
