#pragma once
// events.jsonl: one JSON object a line, appended while a run goes on: {"at": <ms since 1970>,
// "event": "worker_started", ...}. For people and programs that follow a run; the journal is the
// truth, and a line that cannot be written is left out.

#include <filesystem>
#include <memory>

#include "runner/journal/journal.hpp"

namespace joust::cli {

class EventLog {
 public:
  // Appends to DIR/events.jsonl.
  explicit EventLog(const std::filesystem::path& run_dir);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  void session_started(std::uint32_t workers, std::uint64_t done, std::uint64_t worlds);
  void session_ended(std::string_view ending, std::string_view reason);
  void worker_started(const journal::WorkerStart& start);
  void worker_ready(SlotIndex slot, Epoch epoch);
  void worker_ended(const journal::WorkerEnd& end);
  void worker_injured(SlotIndex slot, Epoch epoch, int signal);
  void attempt_failed(const journal::FailedAttempt& attempt);
  void quarantined(const journal::QuarantineRow& row);
  void stopping(std::string_view how);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace joust::cli
