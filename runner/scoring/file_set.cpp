#include "runner/scoring/file_set.hpp"

#include <fmt/format.h>

#include <system_error>

#include "runner/journal/journal.hpp"

namespace joust::scoring {

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw journal::JournalError(
        fmt::format("can not create the folder '{}': {}; the results are safe in run.db",
                    folder.string(), error.message()),
        error == std::errc::no_space_on_device);
  }
}

}  // namespace joust::scoring
