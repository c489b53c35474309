#pragma once
// The identity of a run as rows of the journal's `meta` table (keys: see run_directory.hpp).

#include <map>
#include <string>

#include "runner/journal/run_directory.hpp"
#include "runner/journal/sqlite.hpp"

namespace joust::journal {

// All but the checksum, which is checked. Throws JournalError.
std::map<std::string, std::string> read_meta(const Database& database);

void write_identity(const Database& database, const RunIdentity& identity);

}  // namespace joust::journal
