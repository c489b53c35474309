#include "runner/cli/report_output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <iostream>
#include <system_error>

#include "runner/journal/journal.hpp"
#include "runner/journal/own_files.hpp"

namespace joust::cli {

namespace fs = std::filesystem;

ReportOutput::ReportOutput(const fs::path& path) {
  if (path.empty()) return;
  std::error_code none;
  const fs::path real = fs::is_symlink(path, none) ? fs::weakly_canonical(path) : path;
  if (journal::is_own_file(real)) {
    throw OwnFileError(fmt::format(
        "'{}' is a file of a run, which a report would replace: give another name with --output",
        path.string()));
  }
  const fs::file_status status = fs::status(real, none);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    name_ = path.string();
    stream_.open(real, std::ios::binary);
    check(stream_);
  } else {
    file_.emplace(real);
  }
}

void ReportOutput::write(std::string_view text) {
  if (file_) {
    file_->write(text);
  } else {
    (name_.empty() ? std::cout : stream_) << text;
  }
}

void ReportOutput::finish() {
  if (file_) {
    file_->commit(scoring::Sync::none);
  } else if (!name_.empty()) {
    check(stream_.flush());
  }
}

void ReportOutput::check(const std::ostream& stream) const {
  if (stream) return;
  throw journal::JournalError(
      fmt::format("cannot write to '{}': {}", name_, std::generic_category().message(errno)));
}

}  // namespace joust::cli
