#pragma once
// Where a run writes: its directory, and scratch.

#include <filesystem>
#include <optional>
#include <string>

#include "runner/doctor/finding.hpp"
#include "runner/machine/file_system.hpp"

namespace joust::doctor {

struct Storage {
  std::filesystem::path folder;  // that was looked at
  bool is_above = false;         // the one that was asked about does not exist
  std::optional<machine::FileSystem> file_system;
  std::string trouble;      // why no file can be written there; empty: it can
  double sync_seconds = 0;  // that it took to get a small file onto the disk (fsync)
};

// Looks at the folder, or where it does not exist yet, at the first one above it that does. Writes
// a small file there, which has no name any more when this returns. Never fails.
Storage try_storage(const std::filesystem::path& folder);

Finding check_run_directory(const Storage& storage);

// Where the journal lies while the run directory is on a network file system.
Finding check_scratch(const Storage& scratch);

}  // namespace joust::doctor
