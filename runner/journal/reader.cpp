#include "runner/journal/reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "runner/journal/blob_file.hpp"
#include "runner/journal/schema.hpp"
#include "runner/journal/sqlite.hpp"

namespace joust::journal {
namespace {

// Of a damaged journal so many faults are told; the next ones would say the same.
constexpr std::size_t kMostDamage = 20;

// SQLite needs to write beside the database even to read it (locks, an index of the log), unless
// nobody else can be writing.
Database::Mode reading_mode(const std::filesystem::path& file) {
  if (::access(file.parent_path().c_str(), W_OK) == 0) return Database::Mode::read;
  std::error_code none;
  const auto log = file.string() + "-wal";
  const bool log_is_empty =
      !std::filesystem::exists(log, none) || std::filesystem::file_size(log, none) == 0;
  if (log_is_empty) return Database::Mode::immutable;
  if (!std::filesystem::exists(file.string() + "-shm", none)) {
    throw JournalError(fmt::format(
        "{}: it cannot be read without recovering {}, which needs a folder that can be written: "
        "copy the whole run directory and read the copy",
        file.string(), log));
  }
  return Database::Mode::read;
}

std::filesystem::path journal_file(const std::filesystem::path& run_dir) {
  // an empty path would make "run.db" of the current folder's root
  std::filesystem::path file = (run_dir.empty() ? std::filesystem::path(".") : run_dir) / "run.db";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw JournalError(fmt::format("{} is no run directory: there is no {}{}", run_dir.string(),
                                   file.string(), error ? " (" + error.message() + ")" : ""));
  }
  return file;
}

Cause cause_of(const Database& database, std::string_view name) {
  if (const auto cause = cause_from_name(name)) return *cause;
  throw JournalError(fmt::format(
      "{}: '{}' is no cause of failure: the journal is damaged, or made by another joust",
      database.file().string(), name));
}

template <class Number>
Number column(const Statement& rows, int index) {
  return static_cast<Number>(rows.integer(index));
}

}  // namespace

struct Reader::Impl {
  Impl(const std::filesystem::path& run_dir, Damage what)
      : folder(run_dir),
        database(journal_file(run_dir), reading_mode(journal_file(run_dir))),
        on_damage(what) {
    // then SQLite also looks into a file that is shorter than it says
    if (what == Damage::skip) database.execute("PRAGMA writable_schema=ON");
    version = schema_of(database);
    tolerate([&] { check_structure(database); });
  }

  // Does it; what goes wrong is an error, or is noted once and skipped.
  template <class Step>
  bool tolerate(Step&& step) {
    if (on_damage == Damage::refuse) {
      step();
      return true;
    }
    try {
      step();
      return true;
    } catch (const JournalError& error) {
      const bool is_known = std::find(found.begin(), found.end(), error.what()) != found.end();
      if (!is_known && found.size() < kMostDamage) found.emplace_back(error.what());
      return false;
    }
  }

  // Each row in turn: damaged ones are refused or left out. Damage that SQLite itself finds ends
  // the reading.
  template <class Visit>
  void for_each(std::string_view sql, Visit&& visit) {
    tolerate([&] {
      Statement rows(database, sql);
      while (rows.step()) tolerate([&] { visit(rows); });
    });
  }

  void read_results(std::string_view which, const std::function<void(const ResultRow&)>& visit);

  template <class Row>
  void verify(const Row& row, std::int64_t computed, std::int64_t recorded,
              std::string_view what) const {
    if (computed == recorded) return;
    throw JournalError(fmt::format("{}: the {} of task {} is damaged: its checksum does not match",
                                   database.file().string(), what, row.task));
  }

  // A column, or what older schemas have in its place.
  std::string since(std::int64_t schema, std::string_view column,
                    std::string_view otherwise) const {
    return std::string(version >= schema ? column : otherwise);
  }

  std::filesystem::path folder;
  Database database;
  std::int64_t version = kSchemaVersion;
  Damage on_damage;
  std::vector<std::string> found;
};

Reader::Reader(const std::filesystem::path& run_dir, Damage damage)
    : impl_(std::make_unique<Impl>(run_dir, damage)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::require_newest_schema() const { journal::require_newest_schema(impl_->database); }

const std::vector<std::string>& Reader::damage() const { return impl_->found; }

std::map<std::string, std::string> Reader::meta() const {
  std::map<std::string, std::string> meta;
  Statement rows(impl_->database, "SELECT key, value FROM meta");
  while (rows.step()) meta.emplace(rows.text(0), rows.text(1));
  const std::string recorded = meta[kMetaChecksumKey];
  meta.erase(kMetaChecksumKey);
  if (fmt::format("{:016x}", static_cast<std::uint64_t>(meta_checksum(meta))) != recorded) {
    throw JournalError(
        fmt::format("{}: the identity of the run is damaged: its checksum does not match",
                    impl_->database.file().string()));
  }
  return meta;
}

Counts Reader::counts() const {
  Statement row(impl_->database,
                "SELECT (SELECT count(*) FROM result), (SELECT count(*) FROM failed_attempt), "
                "(SELECT count(*) FROM quarantine), (SELECT count(*) FROM worker_start), "
                "(SELECT count(*) FROM worker_end WHERE lost)");
  row.step();
  return {.results = column<std::uint64_t>(row, 0),
          .failed_attempts = column<std::uint64_t>(row, 1),
          .quarantined = column<std::uint64_t>(row, 2),
          .workers_started = column<std::uint64_t>(row, 3),
          .workers_lost = column<std::uint64_t>(row, 4)};
}

void Reader::Impl::read_results(std::string_view which,
                                const std::function<void(const ResultRow&)>& visit) {
  std::string blob;
  const std::string sql = fmt::format(
      "SELECT task, attempt, played, checksum, encoded, blob_size, blob_hash, {}, {} "
      "FROM result {}",
      since(3, "slot", "0"), since(3, "at", "0"), which);
  for_each(sql, [&](const Statement& rows) {
    ResultRow row{.task = column<TaskIndex>(rows, 0),
                  .attempt = column<AttemptNumber>(rows, 1),
                  .played = Duration(rows.integer(2)),
                  .encoded = rows.bytes(4),
                  .slot = column<SlotIndex>(rows, 7),
                  .at = rows.integer(8)};
    if (rows.is_null(4)) {
      const BlobName name{row.task, row.attempt, std::string(rows.text(6))};
      blob = read_blob(folder, name, column<std::uint64_t>(rows, 5));
      row.encoded = blob;
    }
    verify(row, row_checksum(row, version), rows.integer(3), "result");
    visit(row);
  });
}

void Reader::for_each_result(const std::function<void(const ResultRow&)>& visit) const {
  impl_->read_results("ORDER BY task", visit);
}

bool Reader::visit_result(TaskIndex task,
                          const std::function<void(const ResultRow&)>& visit) const {
  bool found = false;
  impl_->read_results(fmt::format("WHERE task = {}", task), [&](const ResultRow& row) {
    found = true;
    visit(row);
  });
  return found;
}

void Reader::for_each_failed_attempt(const std::function<void(const FailedAttempt&)>& visit) const {
  const std::string sql = fmt::format(
      "SELECT task, attempt, cause, detail, slot, epoch, played, at, log, charged, checksum, "
      "{}, {} FROM failed_attempt ORDER BY task, attempt, entry",
      impl_->since(3, "stack", "''"), impl_->since(3, "culprit", "NULL"));
  impl_->for_each(sql, [&](const Statement& rows) {
    FailedAttempt row{.task = column<TaskIndex>(rows, 0),
                      .attempt = column<AttemptNumber>(rows, 1),
                      .cause = cause_of(impl_->database, rows.text(2)),
                      .detail = std::string(rows.text(3)),
                      .slot = column<SlotIndex>(rows, 4),
                      .epoch = column<Epoch>(rows, 5),
                      .played = Duration(rows.integer(6)),
                      .at = rows.integer(7),
                      .log = std::string(rows.text(8)),
                      .charged = rows.integer(9) != 0,
                      .stack = std::string(rows.text(11)),
                      .culprit = std::nullopt};
    if (!rows.is_null(12)) row.culprit = column<std::uint32_t>(rows, 12);
    impl_->verify(row, row_checksum(row, impl_->version), rows.integer(10), "failed attempt");
    visit(row);
  });
}

std::vector<QuarantineRow> Reader::quarantined() const {
  std::vector<QuarantineRow> quarantined;
  impl_->for_each("SELECT task, cause, checksum FROM quarantine ORDER BY task", [&](const Statement&
                                                                                        rows) {
    const QuarantineRow row{column<TaskIndex>(rows, 0), cause_of(impl_->database, rows.text(1))};
    impl_->verify(row, row_checksum(row), rows.integer(2), "quarantine");
    quarantined.push_back(row);
  });
  return quarantined;
}

std::vector<Session> Reader::sessions() const {
  std::vector<Session> sessions;
  const std::string sql =
      fmt::format("SELECT number, started, ended, ending, workers, {} FROM session ORDER BY number",
                  impl_->since(2, "containment", "''"));
  impl_->for_each(sql, [&](const Statement& rows) {
    Session session{.number = column<std::uint64_t>(rows, 0),
                    .started = rows.integer(1),
                    .ended = std::nullopt,
                    .ending = std::string(rows.text(3)),
                    .workers = column<std::uint32_t>(rows, 4),
                    .containment = std::string(rows.text(5))};
    if (!rows.is_null(2)) session.ended = rows.integer(2);
    sessions.push_back(std::move(session));
  });
  return sessions;
}

std::vector<WorkerStart> Reader::worker_starts() const {
  std::vector<WorkerStart> starts;
  impl_->for_each("SELECT slot, epoch, pid, at FROM worker_start ORDER BY entry",
                  [&](const Statement& rows) {
                    starts.push_back({.slot = column<SlotIndex>(rows, 0),
                                      .epoch = column<Epoch>(rows, 1),
                                      .pid = rows.integer(2),
                                      .at = rows.integer(3)});
                  });
  return starts;
}

std::vector<WorkerEnd> Reader::worker_ends() const {
  std::vector<WorkerEnd> ends;
  impl_->for_each("SELECT slot, epoch, at, lost, ending, cause FROM worker_end ORDER BY entry",
                  [&](const Statement& rows) {
                    WorkerEnd end{.slot = column<SlotIndex>(rows, 0),
                                  .epoch = column<Epoch>(rows, 1),
                                  .at = rows.integer(2),
                                  .lost = rows.integer(3) != 0,
                                  .ending = std::string(rows.text(4)),
                                  .cause = std::nullopt};
                    if (!rows.is_null(5)) end.cause = cause_of(impl_->database, rows.text(5));
                    ends.push_back(std::move(end));
                  });
  return ends;
}

}  // namespace joust::journal
