#pragma once
// The writing connection: turns batches into rows. Used by one thread at a time.

#include <cstdint>
#include <filesystem>

#include "runner/journal/schema.hpp"
#include "runner/journal/sqlite.hpp"
#include "runner/journal/writer.hpp"

namespace joust::journal {

class RowWriter {
 public:
  // Opens and checks the journal and begins a session.
  RowWriter(const std::filesystem::path& run_dir, const WriterOptions& options);

  // A transaction. After a JournalError the object is good for nothing but destruction; what was
  // not committed is gone.
  void begin() { begin_.run(); }
  void write(const Batch& batch);
  void commit() { commit_.run(); }

  void end_session(const std::string& ending);
  // Replaces all that is recorded of it, but its number.
  void rewrite_session(const Session& session);

 private:
  void write_result(const ResultRow& row);
  void write_failed(const FailedAttempt& row);
  void write_quarantine(const QuarantineRow& row);
  void write_start(const WorkerStart& row);
  void write_end(const WorkerEnd& row);

  std::filesystem::path run_dir_;
  std::size_t blob_threshold_;
  Database database_;
  std::int64_t session_;  // also sets the connection up: everything below needs that
  Statement begin_;
  Statement commit_;
  Statement result_;
  Statement failed_;
  Statement quarantine_;
  Statement start_;
  Statement end_;
};

}  // namespace joust::journal
