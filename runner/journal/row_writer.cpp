#include "runner/journal/row_writer.hpp"

#include <fmt/format.h>

#include <chrono>

#include "runner/journal/blob_file.hpp"

namespace joust::journal {
namespace {

// 16 MiB of log between two checkpoints: a checkpoint waits for the disk, and rows wait for it.
constexpr int kPagesPerCheckpoint = 4096;

UnixMillis now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t begin_session(const Database& database, const WriterOptions& options) {
  if (options.is_checked) {
    require_newest_schema(database);
  } else {
    check_writable(database);
  }
  database.execute("PRAGMA journal_mode=WAL");  // it has not been, where it was copied
  database.execute(options.durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  database.execute(fmt::format("PRAGMA wal_autocheckpoint={}", kPagesPerCheckpoint));
  database.set_checkpoint_on_close(true);
  const std::int64_t number = database.integer("SELECT coalesce(max(number), 0) + 1 FROM session");
  database.execute(
      fmt::format("INSERT INTO session(number, started, ended, ending, workers, containment) "
                  "VALUES({}, {}, NULL, '', {}, '{}')",
                  number, now(), options.workers, options.containment));
  return number;
}

std::int64_t as_integer(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

RowWriter::RowWriter(const std::filesystem::path& run_dir, const WriterOptions& options)
    : run_dir_(run_dir),
      blob_threshold_(options.blob_threshold),
      database_(options.file.empty() ? run_dir / "run.db" : options.file, Database::Mode::write),
      session_(begin_session(database_, options)),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_(database_, "COMMIT"),
      result_(database_,
              "INSERT INTO result(task, attempt, played, checksum, slot, at, encoded, blob_size, "
              "blob_hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      failed_(database_,
              "INSERT INTO failed_attempt(task, attempt, cause, detail, slot, epoch, played, at, "
              "log, charged, stack, culprit, session, checksum) "
              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
      quarantine_(database_, "INSERT INTO quarantine(task, cause, checksum) VALUES(?1, ?2, ?3)"),
      start_(database_,
             "INSERT INTO worker_start(session, slot, epoch, pid, at) VALUES(?1, ?2, ?3, ?4, ?5)"),
      end_(database_,
           "INSERT INTO worker_end(session, slot, epoch, at, lost, ending, cause) "
           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)") {}

void RowWriter::write(const Batch& batch) {
  const std::string_view bytes = batch.bytes_;
  for (const Batch::StoredResult& row : batch.results_) {
    write_result(
        {row.task, row.attempt, row.played, bytes.substr(row.offset, row.size), row.slot, row.at});
  }
  for (const FailedAttempt& row : batch.failed_) write_failed(row);
  for (const QuarantineRow& row : batch.quarantined_) write_quarantine(row);
  for (const WorkerStart& row : batch.starts_) write_start(row);
  for (const WorkerEnd& row : batch.ends_) write_end(row);
}

void RowWriter::write_result(const ResultRow& row) {
  result_.bind(1, as_integer(row.task));
  result_.bind(2, row.attempt);
  result_.bind(3, row.played.count());
  result_.bind(4, row_checksum(row));
  result_.bind(5, row.slot);
  result_.bind(6, row.at);
  BlobName blob;
  if (row.encoded.size() <= blob_threshold_) {
    result_.bind_bytes(7, row.encoded);
    result_.bind_null(8);
    result_.bind_null(9);
  } else {
    blob = write_blob(run_dir_, row);
    result_.bind_null(7);
    result_.bind(8, as_integer(row.encoded.size()));
    result_.bind_text(9, blob.hash);
  }
  if (!result_.run()) {
    throw JournalError(fmt::format(
        "{}: two results for task {}: the second one was not written. This is a bug in joust",
        database_.file().string(), row.task));
  }
}

void RowWriter::write_failed(const FailedAttempt& row) {
  failed_.bind(1, as_integer(row.task));
  failed_.bind(2, row.attempt);
  failed_.bind_text(3, cause_name(row.cause));
  failed_.bind_text(4, row.detail);
  failed_.bind(5, row.slot);
  failed_.bind(6, row.epoch);
  failed_.bind(7, row.played.count());
  failed_.bind(8, row.at);
  failed_.bind_text(9, row.log);
  failed_.bind(10, row.charged ? 1 : 0);
  failed_.bind_text(11, row.stack);
  if (row.culprit) {
    failed_.bind(12, *row.culprit);
  } else {
    failed_.bind_null(12);
  }
  failed_.bind(13, session_);
  failed_.bind(14, row_checksum(row));
  failed_.run();
}

void RowWriter::write_quarantine(const QuarantineRow& row) {
  quarantine_.bind(1, as_integer(row.task));
  quarantine_.bind_text(2, cause_name(row.cause));
  quarantine_.bind(3, row_checksum(row));
  if (!quarantine_.run()) {
    throw JournalError(
        fmt::format("{}: task {} was put in quarantine twice. This is a bug in joust",
                    database_.file().string(), row.task));
  }
}

void RowWriter::write_start(const WorkerStart& row) {
  start_.bind(1, session_);
  start_.bind(2, row.slot);
  start_.bind(3, row.epoch);
  start_.bind(4, row.pid);
  start_.bind(5, row.at);
  start_.run();
}

void RowWriter::write_end(const WorkerEnd& row) {
  end_.bind(1, session_);
  end_.bind(2, row.slot);
  end_.bind(3, row.epoch);
  end_.bind(4, row.at);
  end_.bind(5, row.lost ? 1 : 0);
  end_.bind_text(6, row.ending);
  if (row.cause) {
    end_.bind_text(7, cause_name(*row.cause));
  } else {
    end_.bind_null(7);
  }
  end_.run();
}

void RowWriter::end_session(const std::string& ending) {
  Statement statement(database_, "UPDATE session SET ended = ?1, ending = ?2 WHERE number = ?3");
  statement.bind(1, now());
  statement.bind_text(2, ending);
  statement.bind(3, session_);
  statement.run();
}

void RowWriter::rewrite_session(const Session& session) {
  Statement statement(database_,
                      "UPDATE session SET started = ?1, ended = ?2, ending = ?3, workers = ?4, "
                      "containment = ?5 WHERE number = ?6");
  statement.bind(1, session.started);
  if (session.ended) {
    statement.bind(2, *session.ended);
  } else {
    statement.bind_null(2);
  }
  statement.bind_text(3, session.ending);
  statement.bind(4, session.workers);
  statement.bind_text(5, session.containment);
  statement.bind(6, session_);
  statement.run();
}

}  // namespace joust::journal
