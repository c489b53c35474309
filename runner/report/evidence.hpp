#pragma once
// What lies beside the journal as evidence of a failed attempt, read for people.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace joust::report {

// What people look for in the stacks of a file, shortened and printable. Frames are lines that
// begin with '#' after blanks, as joust-stacks prints them; #0 begins the next thread. Of a thread:
// #0, then the next frames whose source is known and does not lie below /usr/include or /usr/lib
// (of the C and C++ libraries, that is), `count` in all. Frames of another form are taken as they
// come. Of two threads, when several have such frames, each with the line that names it before it.
// Where no frame has a source, the first `count` of the first thread; where there are no frames,
// the first lines that show anything; nothing when the file can not be read. Reads only the
// beginning of the file.
std::vector<std::string> top_frames(const std::filesystem::path& file, std::size_t count);

// What people look for in a frame as joust-stacks prints it: its number, the function without its
// parameters, and the line, or else the module. "#2  chaos::spin at misbehave.cpp:41". A line of
// another form is left as it is.
std::string short_frame(std::string_view line);

}  // namespace joust::report
