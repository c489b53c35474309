#pragma once
// Large results, each in a file of its own: DIR/blobs/<task>.<attempt>-<hash>. The row in the
// journal holds the size and the hash; it is committed after the file is on the disk under its
// final name.

#include <cstdint>
#include <filesystem>
#include <string>

#include "runner/journal/journal.hpp"

namespace joust::journal {

struct BlobName {
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  std::string hash;  // hash_hex of the content
};

// Writes the content for good; returns its name.
BlobName write_blob(const std::filesystem::path& run_dir, const ResultRow& row);

// The content, checked against size and hash; JournalError otherwise.
std::string read_blob(const std::filesystem::path& run_dir, const BlobName& name,
                      std::uint64_t size);

}  // namespace joust::journal
