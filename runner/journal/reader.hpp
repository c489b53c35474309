#pragma once
// Read-only views of a journal, also while another process writes it.

#include <filesystem>

#include "runner/journal/journal.hpp"

namespace joust::journal {

struct Counts {
  std::uint64_t results = 0;
  std::uint64_t failed_attempts = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t workers_started = 0;
  std::uint64_t workers_lost = 0;
  bool operator==(const Counts&) const = default;
};

class Reader {
 public:
  // Opens DIR/run.db. Throws JournalError when it is missing, not a joust journal, of a newer
  // schema, or damaged.
  explicit Reader(const std::filesystem::path& run_dir);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // What was written when the run directory was made. Keys: see run_directory.hpp.
  std::map<std::string, std::string> meta() const;

  Counts counts() const;

  // In ascending order of task; every row's checksum is verified (JournalError names the task).
  // A result that lies in a blob file is read from there.
  void for_each_result(const std::function<void(const ResultRow&)>& visit) const;
  void for_each_failed_attempt(const std::function<void(const FailedAttempt&)>& visit) const;
  std::vector<QuarantineRow> quarantined() const;
  std::vector<Session> sessions() const;
  std::vector<WorkerStart> worker_starts() const;
  std::vector<WorkerEnd> worker_ends() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace joust::journal
