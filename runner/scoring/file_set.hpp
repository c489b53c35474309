#pragma once
// Files of one folder that appear together: none takes its name before all of them are complete.

#include <deque>
#include <filesystem>
#include <string_view>

#include "runner/scoring/atomic_file.hpp"

namespace joust::scoring {

// Makes the folder, with those above it. Throws JournalError.
void make_folder(const std::filesystem::path& folder);

class FileSet {
 public:
  // REQUIRES: the folder exists when the first file is added.
  explicit FileSet(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The file lives as long as the set.
  AtomicFile& add(std::string_view name) { return files_.emplace_back(folder_ / name); }

  // REQUIRES: called once, when everything is written.
  void commit(Sync sync) {
    for (AtomicFile& file : files_) file.commit(sync);
  }

 private:
  std::filesystem::path folder_;
  std::deque<AtomicFile> files_;
};

}  // namespace joust::scoring
