#pragma once
// What is at the other end of our output.

#include <cstddef>

namespace joust::cli {

bool is_terminal(int fd);

// Colour is wanted: a terminal, and NO_COLOR (no-color.org) is not set.
bool wants_colour(int fd);

// Columns of the terminal; 80 where it does not say.
std::size_t terminal_width(int fd);

}  // namespace joust::cli
