#include "runner/journal/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/journal/blob_file.hpp"
#include "runner/journal/identity.hpp"
#include "runner/journal/journal_file.hpp"
#include "runner/journal/key_scan.hpp"
#include "runner/journal/schema.hpp"
#include "runner/journal/sqlite.hpp"

namespace joust::journal {
namespace {

// Of a damaged journal so many faults are told; the next ones would say the same.
constexpr std::size_t kMostDamage = 20;

Cause cause_of(const Database& database, std::string_view name) {
  if (const auto cause = cause_from_name(name)) return *cause;
  throw JournalError(fmt::format(
      "{}: '{}' is no cause of failure: the journal is damaged, or made by another joust",
      database.file().string(), name));
}

// A table, with what people call its rows and their key.
struct Table {
  std::string_view name;
  std::string_view key;
  std::string_view rows;
};
constexpr Table kResults{"result", "task", "results"};
constexpr Table kFailedAttempts{"failed_attempt", "entry", "failed attempts"};
constexpr Table kQuarantine{"quarantine", "task", "quarantined worlds"};
constexpr Table kSessions{"session", "number", "sessions"};
constexpr Table kWorkerStarts{"worker_start", "entry", "starts of workers"};
constexpr Table kWorkerEnds{"worker_end", "entry", "ends of workers"};

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
    if (what == Damage::refuse) {
      check_structure(database);
      return;
    }
    is_sound = false;
    tolerate([&] {
      const auto fault = structure_fault(database);
      if (fault) throw JournalError(*fault);
      is_sound = true;
    });
  }

  void note(const std::string& damage) {
    const bool is_known = std::find(found.begin(), found.end(), damage) != found.end();
    if (!is_known && found.size() < kMostDamage) found.push_back(damage);
  }

  // Does it; what goes wrong is an error, or is noted once and skipped.
  template <class Step>
  void tolerate(Step&& step) {
    if (on_damage == Damage::refuse) {
      step();
      return;
    }
    try {
      step();
    } catch (const JournalError& error) {
      note(error.what());
    }
  }

  // Each row in turn, by its key, which is column 0: damaged ones are refused or left out.
  template <class Visit>
  void for_each(const Table& table, std::string_view columns, Visit&& visit) {
    tolerate([&] {
      KeyScan scan(database,
                   fmt::format("SELECT {0}, {1} FROM {2} WHERE {0} >= ?1 ORDER BY {0}", table.key,
                               columns, table.name),
                   on_damage == Damage::skip);
      while (scan.step()) tolerate([&] { visit(scan.row()); });
      if (scan.gaps().empty()) return;
      note(fmt::format("{}: {}", database.file().string(),
                       gaps_text(scan.gaps(), table.rows, table.key)));
    });
  }

  std::string result_columns() const {
    return fmt::format("attempt, played, checksum, encoded, blob_size, blob_hash, {}, {}",
                       since(3, "slot", "0"), since(3, "at", "0"));
  }
  // `blob` holds the bytes of a result that lies in a file.
  ResultRow result_in(const Statement& rows, std::string& blob) const;
  void visit_result(const Statement& rows,
                    const std::function<void(const ResultRow&)>& visit) const {
    std::string blob;
    visit(result_in(rows, blob));
  }
  std::string failed_attempt_columns() const {
    return fmt::format(
        "task, attempt, cause, detail, slot, epoch, played, at, log, charged, "
        "checksum, {}, {}, session",
        since(3, "stack", "''"), since(3, "culprit", "NULL"));
  }
  std::string all_failed_attempts() const {
    return fmt::format("SELECT {} FROM failed_attempt ORDER BY task, attempt, entry",
                       failed_attempt_columns());
  }
  FailedAttempt failed_attempt_in(const Statement& rows) const;
  void sort_what_is_left(const std::function<void(const FailedAttempt&)>& visit);

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
  bool is_sound = true;  // the database's structure
  std::vector<std::string> found;
};

Reader::Reader(const std::filesystem::path& run_dir, Damage damage)
    : impl_(std::make_unique<Impl>(run_dir, damage)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::require_newest_schema() const { journal::require_newest_schema(impl_->database); }

const std::vector<std::string>& Reader::damage() const { return impl_->found; }

std::map<std::string, std::string> Reader::meta() const { return read_meta(impl_->database); }

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

ResultRow Reader::Impl::result_in(const Statement& rows, std::string& blob) const {
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
  return row;
}

void Reader::for_each_result(const std::function<void(const ResultRow&)>& visit) const {
  impl_->for_each(kResults, impl_->result_columns(),
                  [&](const Statement& rows) { impl_->visit_result(rows, visit); });
}

bool Reader::visit_result(TaskIndex task,
                          const std::function<void(const ResultRow&)>& visit) const {
  bool found = false;
  impl_->tolerate([&] {
    Statement row(impl_->database, fmt::format("SELECT task, {} FROM result WHERE task = {}",
                                               impl_->result_columns(), task));
    if (!row.step()) return;
    impl_->visit_result(row, visit);
    found = true;
  });
  return found;
}

FailedAttempt Reader::Impl::failed_attempt_in(const Statement& rows) const {
  FailedAttempt row{.task = column<TaskIndex>(rows, 0),
                    .attempt = column<AttemptNumber>(rows, 1),
                    .cause = cause_of(database, rows.text(2)),
                    .detail = std::string(rows.text(3)),
                    .slot = column<SlotIndex>(rows, 4),
                    .epoch = column<Epoch>(rows, 5),
                    .played = Duration(rows.integer(6)),
                    .at = rows.integer(7),
                    .log = std::string(rows.text(8)),
                    .charged = rows.integer(9) != 0,
                    .stack = std::string(rows.text(11)),
                    .culprit = std::nullopt,
                    .session = column<std::uint64_t>(rows, 13)};
  if (!rows.is_null(12)) row.culprit = column<std::uint32_t>(rows, 12);
  verify(row, row_checksum(row, version), rows.integer(10), "failed attempt");
  return row;
}

// SQLite sorts a table only when it can read all of it. Memory: 24 bytes for each row.
void Reader::Impl::sort_what_is_left(const std::function<void(const FailedAttempt&)>& visit) {
  struct Place {
    std::int64_t task = 0;
    std::int64_t attempt = 0;
    std::int64_t entry = 0;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  for_each(kFailedAttempts, "task, attempt", [&](const Statement& rows) {
    places.push_back({rows.integer(1), rows.integer(2), rows.integer(0)});
  });
  std::sort(places.begin(), places.end());
  tolerate([&] {
    Statement row(database, fmt::format("SELECT {} FROM failed_attempt WHERE entry = ?1",
                                        failed_attempt_columns()));
    for (const Place& place : places) {
      row.rewind();
      row.bind(1, place.entry);
      tolerate([&] {
        if (row.step()) visit(failed_attempt_in(row));
      });
    }
  });
}

void Reader::for_each_failed_attempt(const std::function<void(const FailedAttempt&)>& visit) const {
  if (!impl_->is_sound) {
    impl_->sort_what_is_left(visit);
    return;
  }
  impl_->tolerate([&] {
    Statement rows(impl_->database, impl_->all_failed_attempts());
    while (rows.step()) impl_->tolerate([&] { visit(impl_->failed_attempt_in(rows)); });
  });
}

std::vector<QuarantineRow> Reader::quarantined() const {
  std::vector<QuarantineRow> quarantined;
  impl_->for_each(kQuarantine, "cause, checksum", [&](const Statement& rows) {
    const QuarantineRow row{column<TaskIndex>(rows, 0), cause_of(impl_->database, rows.text(1))};
    impl_->verify(row, row_checksum(row), rows.integer(2), "quarantine");
    quarantined.push_back(row);
  });
  return quarantined;
}

std::vector<Session> Reader::sessions() const {
  std::vector<Session> sessions;
  const std::string columns =
      fmt::format("started, ended, ending, workers, {}", impl_->since(2, "containment", "''"));
  impl_->for_each(kSessions, columns, [&](const Statement& rows) {
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
  impl_->for_each(kWorkerStarts, "slot, epoch, pid, at, session", [&](const Statement& rows) {
    starts.push_back({.slot = column<SlotIndex>(rows, 1),
                      .epoch = column<Epoch>(rows, 2),
                      .pid = rows.integer(3),
                      .at = rows.integer(4),
                      .session = column<std::uint64_t>(rows, 5)});
  });
  return starts;
}

std::vector<WorkerEnd> Reader::worker_ends() const {
  std::vector<WorkerEnd> ends;
  impl_->for_each(kWorkerEnds, "slot, epoch, at, lost, ending, cause, session",
                  [&](const Statement& rows) {
                    WorkerEnd end{.slot = column<SlotIndex>(rows, 1),
                                  .epoch = column<Epoch>(rows, 2),
                                  .at = rows.integer(3),
                                  .lost = rows.integer(4) != 0,
                                  .ending = std::string(rows.text(5)),
                                  .cause = std::nullopt,
                                  .session = column<std::uint64_t>(rows, 7)};
                    if (!rows.is_null(6)) end.cause = cause_of(impl_->database, rows.text(6));
                    ends.push_back(std::move(end));
                  });
  return ends;
}

struct ResultCursor::Impl {
  explicit Impl(const Reader::Impl& from)
      : reader(from),
        rows(from.database,
             fmt::format("SELECT task, {} FROM result ORDER BY task", from.result_columns())) {
    // each page is needed once, and there may be hundreds of such readers
    from.database.execute("PRAGMA cache_size=-64");
  }
  const Reader::Impl& reader;
  Statement rows;
  std::string blob;
  ResultRow row;
};

ResultCursor::ResultCursor(const Reader& reader) : impl_(std::make_unique<Impl>(*reader.impl_)) {}
ResultCursor::~ResultCursor() = default;
ResultCursor::ResultCursor(ResultCursor&&) noexcept = default;

const ResultRow* ResultCursor::next() {
  if (!impl_->rows.step()) return nullptr;
  impl_->row = impl_->reader.result_in(impl_->rows, impl_->blob);
  return &impl_->row;
}

struct FailedAttemptCursor::Impl {
  explicit Impl(const Reader::Impl& from)
      : reader(from), rows(from.database, from.all_failed_attempts()) {}
  const Reader::Impl& reader;
  Statement rows;
  FailedAttempt row;
};

FailedAttemptCursor::FailedAttemptCursor(const Reader& reader)
    : impl_(std::make_unique<Impl>(*reader.impl_)) {}
FailedAttemptCursor::~FailedAttemptCursor() = default;
FailedAttemptCursor::FailedAttemptCursor(FailedAttemptCursor&&) noexcept = default;

const FailedAttempt* FailedAttemptCursor::next() {
  if (!impl_->rows.step()) return nullptr;
  impl_->row = impl_->reader.failed_attempt_in(impl_->rows);
  return &impl_->row;
}

}  // namespace joust::journal
