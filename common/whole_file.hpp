#pragma once
// Reading small files, such as those under /proc, without exceptions: a process that has just ended
// gives an error in the midst of its file.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace joust {

// The content; nothing when the file cannot be opened or read to its end, or is larger than `most`
// bytes (errno says why: then EFBIG). Thread-safe.
std::optional<std::string> read_whole_file(const std::filesystem::path& file,
                                           std::size_t most = SIZE_MAX);

}  // namespace joust
