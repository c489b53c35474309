#pragma once
// The identity of a run as rows of the journal's `meta` table (keys: see run_directory.hpp).

#include "runner/journal/run_directory.hpp"
#include "runner/journal/sqlite.hpp"

namespace joust::journal {

void write_identity(const Database& database, const RunIdentity& identity);

}  // namespace joust::journal
