#pragma once
// The one writing connection to a journal, on a thread of its own behind a bounded queue. Rows are
// committed every 1024 rows, after 5 ms, or when the queue is empty, whichever comes first. (The
// supervisor hands over results after 5 ms, too, or when there are enough of them.)

#include <filesystem>

#include "runner/journal/journal.hpp"

namespace joust::journal {

// Rows gathered during one turn of the main loop. Cheap to fill and to reuse; owns the bytes.
class Batch {
 public:
  void add(const ResultRow& row);
  void add(FailedAttempt row) { failed_.push_back(std::move(row)); }
  void add(const QuarantineRow& row) { quarantined_.push_back(row); }
  void add(const WorkerStart& row) { starts_.push_back(row); }
  void add(WorkerEnd row) { ends_.push_back(std::move(row)); }

  // Rows of all kinds.
  std::size_t rows() const;
  bool empty() const { return rows() == 0; }
  std::size_t result_rows() const { return results_.size(); }

  // Keeps the memory.
  void clear();

 private:
  friend class Writer;
  friend class RowWriter;
  struct StoredResult {
    TaskIndex task;
    AttemptNumber attempt;
    Duration played;
    std::size_t offset;
    std::size_t size;
    SlotIndex slot;
    UnixMillis at;
  };
  std::vector<StoredResult> results_;
  std::string bytes_;
  std::vector<FailedAttempt> failed_;
  std::vector<QuarantineRow> quarantined_;
  std::vector<WorkerStart> starts_;
  std::vector<WorkerEnd> ends_;
};

struct WriterOptions {
  bool durable = false;                   // synchronous=FULL instead of NORMAL
  std::size_t queue_capacity = 64;        // batches
  std::size_t blob_threshold = 64 << 10;  // larger encoded results go to a file under blobs/
  bool is_checked = false;    // a Reader has just found the database sound: that is not done again
  std::uint32_t workers = 0;  // recorded in the session's row, as is:
  std::string containment = "none";  // journal.hpp's Session
  std::filesystem::path file = {};   // the database, where it is not DIR/run.db
};

struct WriterStatus {
  std::uint64_t rows_committed = 0;  // of all kinds, since the writer was made
  std::uint64_t results_committed = 0;
  std::uint64_t quarantines_committed = 0;
  std::optional<JournalError> error;  // once set, nothing more is written
};

class Writer {
 public:
  // Opens the database for writing and begins a session. `on_change` is called on the writer's
  // thread after each commit and on an error; it must not block. Throws JournalError. REQUIRES: the
  // caller holds the run directory's lock and the schema exists.
  Writer(const std::filesystem::path& run_dir, const WriterOptions& options,
         std::function<void()> on_change);
  ~Writer();  // as finish(), with an empty ending: the session looks as if it had been killed
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Moves the rows out of `batch` (which is then empty) into the queue. False, batch untouched,
  // when the queue is full. Called from one thread.
  bool try_submit(Batch& batch);

  // Safe from any thread.
  WriterStatus status() const;

  // Commits everything that was submitted, records how the session ended, closes the database and
  // joins the thread. Errors are in status() afterwards. Idempotent.
  void finish(const std::string& ending);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace joust::journal
