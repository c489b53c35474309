#pragma once
// What lies beside the journal as evidence of a failed attempt, read for people.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace joust::report {

// The top of the first stack in a file: its lines that begin with '#' after blanks, up to the next
// empty line, or, where none does, the first lines that show anything. At most `count`, printable;
// none when the file can not be read. Reads only the beginning of the file.
std::vector<std::string> top_frames(const std::filesystem::path& file, std::size_t count);

}  // namespace joust::report
