#pragma once
// The content of a run directory that is being made.

#include <filesystem>

#include "runner/journal/run_directory.hpp"

namespace joust::journal {

// Writes the spec, its inputs and an empty journal into an empty folder, and waits until they are
// on the disk. Throws JournalError.
void write_new_run(const std::filesystem::path& folder, const RunIdentity& identity);

}  // namespace joust::journal
