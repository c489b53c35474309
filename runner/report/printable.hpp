#pragma once
// Text from outside (output of worlds, names, details) made safe to show: a log may hold escape
// sequences, binary junk and lines of a megabyte.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace joust::report {

// One line of valid UTF-8 without control characters: terminal escape sequences are dropped, tabs
// and line breaks become spaces, anything else that can not be shown becomes '?'.
std::string printable(std::string_view bytes);

// Columns on a terminal; wide letters (CJK, emoji) count as two. REQUIRES: printable text.
std::size_t display_width(std::string_view text);

// At most `width` columns; what was cut is replaced by "..." where there is room for it.
std::string clip(std::string_view text, std::size_t width);

// Clipped and filled up with spaces to exactly `width` columns.
std::string pad_right(std::string_view text, std::size_t width);

// Broken at spaces so that no line is wider than `width` (a longer word stays whole).
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// The last `count` lines of a file that show anything, printable; fewer or none when there are no
// more or the file can not be read. Reads only the end of the file.
std::vector<std::string> last_words(const std::filesystem::path& file, std::size_t count);

}  // namespace joust::report
