#pragma once
// What makes a SQLite database a joust journal: its marks, its tables and the checksums of its
// rows. README.md in this folder says what the tables mean.

#include <cstdint>
#include <optional>
#include <string>

#include "runner/journal/journal.hpp"
#include "runner/journal/sqlite.hpp"

namespace joust::journal {

inline constexpr std::int64_t kApplicationId = 0x4A4F5553;  // "JOUS"
inline constexpr std::int64_t kSchemaVersion = 3;
inline constexpr std::int64_t kOldestSchema = 1;  // that can still be read

// Makes the tables of an empty database and marks it as ours.
void create_schema(const Database& database);

// The schema's version. Throws JournalError when the database is not SQLite, not ours, or of a
// schema that this build cannot read. Changes nothing.
std::int64_t schema_of(const Database& database);

// Throws JournalError when the journal is of an older schema.
void require_newest_schema(const Database& database);

// Throws JournalError unless the journal can be written: of the newest schema and not damaged.
// Changes nothing.
void check_writable(const Database& database);

// What SQLite finds damaged in the database's structure, on one line; nothing: it is sound. Changes
// nothing.
std::optional<std::string> structure_fault(const Database& database);
// Throws JournalError when there is something.
void check_structure(const Database& database);

// What the `checksum` columns hold, in a journal of schema `version`.
std::int64_t row_checksum(const ResultRow& row, std::int64_t version = kSchemaVersion);
std::int64_t row_checksum(const FailedAttempt& row, std::int64_t version = kSchemaVersion);
std::int64_t row_checksum(const QuarantineRow& row);
std::int64_t meta_checksum(const std::map<std::string, std::string>& meta);

// The key in `meta` under which meta_checksum of all others lies, in hex.
inline constexpr const char* kMetaChecksumKey = "checksum";

}  // namespace joust::journal
