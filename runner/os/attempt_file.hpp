#pragma once
// Files about single attempts, in DIR/attempts: for people who look for the reason of a failure.

#include <filesystem>
#include <string_view>

#include "common/unique_fd.hpp"

namespace joust::os {

// Makes the file, or empties it; a link is not followed. Invalid when that fails.
UniqueFd open_attempt_file(const std::filesystem::path& file);

// What a full disk does not take is lost.
void write_whole(int fd, std::string_view text);

// False: the file could not be made. What a full disk leaves of the text is kept.
bool write_attempt_file(const std::filesystem::path& file, std::string_view text);

}  // namespace joust::os
