#pragma once
// status.json: what a running supervisor does right now, rewritten about once a second for
// `joust status` and other programs. Nothing is decided by it; the journal is the truth.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.hpp"

namespace joust::report {

// One place in the pool.
struct SlotStatus {
  SlotIndex slot = 0;
  Epoch epoch = 0;
  std::string state;              // "idle", "busy", "starting", ... as the supervisor names it
  std::optional<TaskIndex> task;  // being played
  double seconds = 0;             // in this state
  std::optional<double> beat_seconds = {};  // since the world last reported progress
  std::uint64_t rss_bytes = 0;
  double cpu_seconds = 0;  // used since the worker began
  bool operator==(const SlotStatus&) const = default;
};

struct RunStatus {
  std::string name;
  std::int64_t pid = 0;
  std::string state;  // "running", "draining", ...; "finished" and "interrupted" are final
  std::uint64_t worlds_total = 0;
  std::uint64_t worlds_done = 0;
  std::uint64_t worlds_running = 0;
  std::uint64_t worlds_pending = 0;
  std::uint64_t worlds_failed = 0;        // quarantined
  std::uint64_t worlds_void = 0;          // not to be played: somebody in them is disqualified
  std::vector<std::string> disqualified;  // names
  std::uint64_t attempts_failed = 0;
  double worlds_per_second = 0;
  std::optional<double> eta_seconds;  // nothing: not known yet
  std::uint64_t workers_started = 0;
  std::uint64_t workers_lost = 0;
  std::uint64_t rss_bytes = 0;  // of the whole run
  double elapsed_seconds = 0;   // of this session
  std::int64_t updated = 0;     // milliseconds since 1970
  std::vector<SlotStatus> slots;
  bool operator==(const RunStatus&) const = default;
};

// Replaces DIR/status.json atomically. Throws JournalError; the caller may well go on without.
void write_status(const std::filesystem::path& run_dir, const RunStatus& status);

// Nothing when there is none. Throws JournalError when it can not be understood.
std::optional<RunStatus> read_status(const std::filesystem::path& run_dir);

}  // namespace joust::report
