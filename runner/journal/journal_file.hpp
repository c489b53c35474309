#pragma once
// Where the journal of a run lies, and how it is opened to be read.

#include <filesystem>

#include "runner/journal/sqlite.hpp"

namespace joust::journal {

// DIR/run.db. Throws JournalError when there is none.
std::filesystem::path journal_file(const std::filesystem::path& run_dir);

// SQLite needs to write beside the database even to read it (locks, an index of the log), unless
// nobody else can be writing: that is so on a read-only medium, and on a network file system, where
// joust replaces the file as a whole. Throws JournalError when that rules out reading.
Database::Mode reading_mode(const std::filesystem::path& file);

}  // namespace joust::journal
