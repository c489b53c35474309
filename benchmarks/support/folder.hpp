#pragma once
// A folder for what a benchmark writes.

#include <filesystem>

namespace joust::bench {

// Made for this process below the folder for temporary files, and removed in the end with all that
// is in it. One at a time.
class Folder {
 public:
  // Throws std::filesystem::filesystem_error.
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace joust::bench
