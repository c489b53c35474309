#pragma once
// events.jsonl: one JSON object a line, appended while a run goes on; EVENTS.md has the schema. For
// people and programs that follow a run; the journal is the truth, and a line that cannot be
// written is left out.

#include <filesystem>
#include <memory>

#include "runner/journal/journal.hpp"

namespace joust::cli {

// The run as a whole, at one moment.
struct Sample {
  std::uint64_t done = 0;             // worlds, of all sessions
  std::uint64_t failed = 0;           // worlds given up
  std::uint64_t running = 0;          // worlds
  std::uint64_t rss_bytes = 0;        // of the supervisor and its workers
  std::uint64_t available_bytes = 0;  // of the machine's memory
  double load = 0;                    // the machine's, over a minute
};

class EventLog {
 public:
  // Appends to DIR/events.jsonl.
  explicit EventLog(const std::filesystem::path& run_dir);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // `number` counts the sessions from 1: from the second on the run is resumed.
  void session_started(std::uint64_t number, std::uint32_t workers, std::uint64_t done,
                       std::uint64_t worlds);
  void session_ended(std::string_view ending, std::string_view reason);
  void worker_started(const journal::WorkerStart& start);
  void worker_ready(SlotIndex slot, Epoch epoch);
  void worker_ended(const journal::WorkerEnd& end);
  void worker_injured(SlotIndex slot, Epoch epoch, int signal);
  void retried(SlotIndex slot, Epoch epoch, TaskIndex task, AttemptNumber attempt);
  void attempt_failed(const journal::FailedAttempt& attempt);
  void quarantined(const journal::QuarantineRow& row);
  void disqualified(std::string_view competitor, TaskIndex task, std::uint32_t strikes);
  // As many workers run, of so many; each is expected to take so much, and so much can be had.
  void memory(std::uint32_t running, std::uint32_t slots, std::uint64_t expected,
              std::int64_t room);
  void stopping(std::string_view how);
  void sample(const Sample& sample);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace joust::cli
