#pragma once
// A folder that appears under its name only when it is complete.

#include <filesystem>

namespace joust::journal {

class NewFolder {
 public:
  // Makes a hidden folder beside `final_name`, and the folders above it where they are missing; and
  // removes such folders that processes of this machine left when they were killed. Throws
  // JournalError. REQUIRES: `final_name` has no slash at its end.
  explicit NewFolder(const std::filesystem::path& final_name);
  // Removes it with all that it holds, unless it has got its name.
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Renames it. False: something has that name already. Throws JournalError.
  bool take_name();

 private:
  std::filesystem::path final_name_;
  std::filesystem::path path_;
  bool has_name_ = false;
};

// Whether a folder's name says that it is such a one in the making.
bool is_in_the_making(const std::filesystem::path& folder);

}  // namespace joust::journal
