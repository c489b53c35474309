#pragma once
// Where a report goes: standard output, or a file that appears when it is complete. What is no
// regular file (a device, a pipe) is written to as it is.

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "runner/scoring/atomic_file.hpp"

namespace joust::cli {

// The path names something that joust itself keeps in a run directory.
struct OwnFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ReportOutput {
 public:
  // An empty path: standard output. Throws OwnFileError; JournalError when it cannot be written to.
  explicit ReportOutput(const std::filesystem::path& path);

  // Throw JournalError.
  void write(std::string_view text);
  void finish();

 private:
  void check(const std::ostream& stream) const;

  std::optional<scoring::AtomicFile> file_;
  std::string name_;  // of what is no regular file
  std::ofstream stream_;
};

}  // namespace joust::cli
