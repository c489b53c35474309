#pragma once
// Files that must survive a power cut once a function here has returned. Errors are JournalErrors
// that name the file and the system's words.

#include <filesystem>
#include <string>
#include <string_view>

#include "runner/journal/journal.hpp"

namespace joust::journal {

// Throws the JournalError for `error` (an errno), "FILE: cannot WHAT: the system's words".
[[noreturn]] void fail_system(const std::filesystem::path& file, std::string_view what, int error);

// Writes a new file and waits until its content is on the disk (its name is not: see sync_folder).
void write_new_file(const std::filesystem::path& file, std::string_view content);

// As write_new_file under a temporary name, then renames: the file is there whole, or not at all.
// An existing file of that name is replaced. The name is on the disk, too.
void publish_file(const std::filesystem::path& file, std::string_view content);

// Makes `to` what `from` holds, and waits until that is on the disk. False, and nothing is made,
// when `from` is no regular file that this user may read (a link is none: it may lead anywhere).
bool copy_regular_file(const std::filesystem::path& from, const std::filesystem::path& to);

std::string read_file(const std::filesystem::path& file);

// The name of this machine, for those of files that machines share; "unknown" where it has none.
std::string machine_name();

// Waits until the names in a folder (or the content of a file) are on the disk.
void sync_path(const std::filesystem::path& path);

}  // namespace joust::journal
