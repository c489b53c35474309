#pragma once
// A folder of a test's own, removed with all it holds when the test ends.

#include <filesystem>
#include <string_view>

namespace joust::test {

class TemporaryFolder {
 public:
  // Under `parent`, or where the system keeps temporary files.
  explicit TemporaryFolder(const std::filesystem::path& parent = {});
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file);
void write_content(const std::filesystem::path& file, std::string_view content);

}  // namespace joust::test
