#include "runner/journal/blob_file.hpp"

#include <fmt/format.h>

#include "common/hash.hpp"
#include "runner/journal/files.hpp"

namespace joust::journal {
namespace {

std::filesystem::path path_of(const std::filesystem::path& run_dir, const BlobName& name) {
  return run_dir / "blobs" / fmt::format("{}.{}-{}", name.task, name.attempt, name.hash);
}

}  // namespace

BlobName write_blob(const std::filesystem::path& run_dir, const ResultRow& row) {
  BlobName name{row.task, row.attempt, hash_hex(row.encoded)};
  publish_file(path_of(run_dir, name), row.encoded);
  return name;
}

std::string read_blob(const std::filesystem::path& run_dir, const BlobName& name,
                      std::uint64_t size) {
  const std::filesystem::path file = path_of(run_dir, name);
  std::string content = read_file(file);
  if (content.size() != size) {
    throw JournalError(fmt::format("{}: the result of task {} is damaged: {} bytes, not {}",
                                   file.string(), name.task, content.size(), size));
  }
  if (hash_hex(content) != name.hash) {
    throw JournalError(fmt::format("{}: the result of task {} is damaged: its hash is {}, not {}",
                                   file.string(), name.task, hash_hex(content), name.hash));
  }
  return content;
}

}  // namespace joust::journal
