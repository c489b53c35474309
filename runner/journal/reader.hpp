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

enum class Damage {
  refuse,  // a damaged journal is an error
  skip,    // read what can be read: rows that are damaged are left out, and damage() tells
};

class Reader {
 public:
  // Opens DIR/run.db, also one of an older schema: what that did not record is 0 or empty. Throws
  // JournalError when it is missing, not a joust journal, or of a newer schema; and when it is
  // damaged, unless that is to be skipped.
  explicit Reader(const std::filesystem::path& run_dir, Damage damage = Damage::refuse);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // Throws JournalError when this joust can read the journal, but not go on with it.
  void require_newest_schema() const;

  // With Damage::skip: the first faults that were found so far, one line each; empty: none.
  const std::vector<std::string>& damage() const;

  // What was written when the run directory was made. Keys: see run_directory.hpp.
  std::map<std::string, std::string> meta() const;

  Counts counts() const;

  // In ascending order of task; every row's checksum is verified (JournalError names the task).
  // A result that lies in a blob file is read from there.
  void for_each_result(const std::function<void(const ResultRow&)>& visit) const;
  // The result of one task; false: it has none. The row is valid during the call only.
  bool visit_result(TaskIndex task, const std::function<void(const ResultRow&)>& visit) const;
  void for_each_failed_attempt(const std::function<void(const FailedAttempt&)>& visit) const;
  std::vector<QuarantineRow> quarantined() const;
  std::vector<Session> sessions() const;
  std::vector<WorkerStart> worker_starts() const;
  std::vector<WorkerEnd> worker_ends() const;

 private:
  friend class ResultCursor;
  friend class FailedAttemptCursor;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One row after the other, for who reads several journals at once. REQUIRES: the reader refuses
// damage, and lives longer where it is.
class ResultCursor {
 public:
  explicit ResultCursor(const Reader& reader);
  ~ResultCursor();
  ResultCursor(ResultCursor&&) noexcept;

  // In the order of Reader::for_each_result; null at the end. Valid until the next call. Throws
  // JournalError.
  const ResultRow* next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The same for failed attempts, as Reader::for_each_failed_attempt has them.
class FailedAttemptCursor {
 public:
  explicit FailedAttemptCursor(const Reader& reader);
  ~FailedAttemptCursor();
  FailedAttemptCursor(FailedAttemptCursor&&) noexcept;

  const FailedAttempt* next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace joust::journal
