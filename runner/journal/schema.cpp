#include "runner/journal/schema.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/hash.hpp"

namespace joust::journal {
namespace {

constexpr std::string_view kTables = R"sql(
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE session (
  number INTEGER PRIMARY KEY,
  started INTEGER NOT NULL,
  ended INTEGER,
  ending TEXT NOT NULL,
  workers INTEGER NOT NULL,
  containment TEXT NOT NULL
);
CREATE TABLE result (
  task INTEGER PRIMARY KEY,
  attempt INTEGER NOT NULL,
  played INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  at INTEGER NOT NULL,
  encoded BLOB,
  blob_size INTEGER,
  blob_hash TEXT
);
CREATE TABLE failed_attempt (
  entry INTEGER PRIMARY KEY,
  task INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  cause TEXT NOT NULL,
  detail TEXT NOT NULL,
  slot INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  played INTEGER NOT NULL,
  at INTEGER NOT NULL,
  log TEXT NOT NULL,
  charged INTEGER NOT NULL,
  stack TEXT NOT NULL,
  culprit INTEGER,
  session INTEGER NOT NULL,
  checksum INTEGER NOT NULL
);
CREATE TABLE quarantine (
  task INTEGER PRIMARY KEY,
  cause TEXT NOT NULL,
  checksum INTEGER NOT NULL
);
CREATE TABLE worker_start (
  entry INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  pid INTEGER NOT NULL,
  at INTEGER NOT NULL
);
CREATE TABLE worker_end (
  entry INTEGER PRIMARY KEY,
  session INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  ending TEXT NOT NULL,
  cause TEXT
);
)sql";

// Fields one after the other, texts with their length, so that no two rows give the same bytes.
class Fields {
 public:
  Fields& add(std::uint64_t number) {
    bytes_ += fmt::format("{};", number);
    return *this;
  }
  Fields& add_text(std::string_view text) {
    bytes_ += fmt::format("{}:{};", text.size(), text);
    return *this;
  }
  std::int64_t checksum() const { return static_cast<std::int64_t>(joust::checksum(0, bytes_)); }

 private:
  std::string bytes_;
};

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

}  // namespace

void create_schema(const Database& database) {
  database.execute("PRAGMA journal_mode=WAL");
  database.execute(fmt::format("BEGIN; PRAGMA application_id={}; PRAGMA user_version={}; {} COMMIT",
                               kApplicationId, kSchemaVersion, kTables));
}

std::int64_t schema_of(const Database& database) {
  const std::string file = database.file().string();
  const std::int64_t id = database.integer("PRAGMA application_id");
  if (id != kApplicationId) {
    throw JournalError(fmt::format(
        "{}: an SQLite database, but no joust journal (application_id {}, not {}); nothing was "
        "overwritten",
        file, id, kApplicationId));
  }
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version < kOldestSchema || version > kSchemaVersion) {
    throw JournalError(fmt::format(
        "{}: a journal of schema version {}, but this joust reads versions {} to {}: use the joust "
        "that made it",
        file, version, kOldestSchema, kSchemaVersion));
  }
  return version;
}

std::optional<std::string> structure_fault(const Database& database) {
  std::string verdict = database.text("PRAGMA quick_check(1)");
  if (verdict == "ok") return std::nullopt;
  constexpr std::string_view kHeading = "*** in database main ***\n";  // there is no other
  if (verdict.starts_with(kHeading)) verdict.erase(0, kHeading.size());
  std::replace(verdict.begin(), verdict.end(), '\n', ' ');
  return fmt::format("{}: the journal is damaged ({})", database.file().string(), verdict);
}

void check_structure(const Database& database) {
  if (const auto fault = structure_fault(database)) {
    throw JournalError(*fault + "; nothing was overwritten");
  }
}

void require_newest_schema(const Database& database) {
  const std::int64_t version = schema_of(database);
  if (version != kSchemaVersion) {
    throw JournalError(fmt::format(
        "{}: a journal of schema version {}, which this joust can read but not go on with (it "
        "writes version {}): resume it with the joust that made it",
        database.file().string(), version, kSchemaVersion));
  }
}

void check_writable(const Database& database) {
  require_newest_schema(database);
  check_structure(database);
}

std::int64_t row_checksum(const ResultRow& row, std::int64_t version) {
  const std::uint64_t played = bits(row.played.count());
  const std::uint64_t key =
      version < 3 ? hash_numbers({row.task, row.attempt, played})
                  : hash_numbers({row.task, row.attempt, played, row.slot, bits(row.at)});
  return static_cast<std::int64_t>(checksum(key, row.encoded));
}

std::int64_t row_checksum(const FailedAttempt& row, std::int64_t version) {
  Fields fields;
  fields.add(row.task)
      .add(row.attempt)
      .add_text(cause_name(row.cause))
      .add_text(row.detail)
      .add(row.slot)
      .add(row.epoch)
      .add(bits(row.played.count()))
      .add(bits(row.at))
      .add_text(row.log)
      .add(row.charged ? 1 : 0);
  if (version >= 3) fields.add_text(row.stack).add(row.culprit ? *row.culprit + 1ULL : 0);
  return fields.checksum();
}

std::int64_t row_checksum(const QuarantineRow& row) {
  return Fields().add(row.task).add_text(cause_name(row.cause)).checksum();
}

std::int64_t meta_checksum(const std::map<std::string, std::string>& meta) {
  Fields fields;
  for (const auto& [key, value] : meta) fields.add_text(key).add_text(value);
  return fields.checksum();
}

}  // namespace joust::journal
