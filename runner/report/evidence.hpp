#pragma once
// What lies beside the journal as evidence of a failed attempt, read for people.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace joust::report {

// The top of the first stack in a file: its first lines that begin with '#' after blanks and follow
// each other, each shortened; or, where none does, the first lines that show anything. At most
// `count`, printable; none when the file can not be read. Reads only the beginning of the file.
std::vector<std::string> top_frames(const std::filesystem::path& file, std::size_t count);

// What people look for in a frame as joust-stacks prints it: its number, the function without its
// parameters, and the line, or else the module. "#2  chaos::spin at misbehave.cpp:41". A line of
// another form is left as it is.
std::string short_frame(std::string_view line);

}  // namespace joust::report
