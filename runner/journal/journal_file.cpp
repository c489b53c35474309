#include "runner/journal/journal_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "runner/machine/file_system.hpp"

namespace joust::journal {

Database::Mode reading_mode(const std::filesystem::path& file) {
  const std::string network = machine::network_file_system(file.parent_path());
  const bool is_writable = ::access(file.parent_path().c_str(), W_OK) == 0;
  if (is_writable && network.empty()) return Database::Mode::read;
  std::error_code none;
  const auto log = file.string() + "-wal";
  const bool log_is_empty =
      !std::filesystem::exists(log, none) || std::filesystem::file_size(log, none) == 0;
  if (log_is_empty) return Database::Mode::immutable;
  if (!network.empty()) {
    throw JournalError(fmt::format(
        "{}: it was copied to this network file system ({}) while its log, {}, was still needed, "
        "which cannot be read there: copy the whole run directory to a disk of this machine",
        file.string(), network, log));
  }
  if (!std::filesystem::exists(file.string() + "-shm", none)) {
    throw JournalError(fmt::format(
        "{}: it cannot be read without recovering {}, which needs a folder that can be written: "
        "copy the whole run directory and read the copy",
        file.string(), log));
  }
  return Database::Mode::read;
}

std::filesystem::path journal_file(const std::filesystem::path& run_dir) {
  // an empty path would make "run.db" of the current folder's root
  std::filesystem::path file = (run_dir.empty() ? std::filesystem::path(".") : run_dir) / "run.db";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw JournalError(fmt::format("{} is no run directory: there is no {}{}", run_dir.string(),
                                   file.string(), error ? " (" + error.message() + ")" : ""));
  }
  return file;
}

}  // namespace joust::journal
