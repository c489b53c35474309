#pragma once
// What is at the other end of our output.

#include <cstddef>

namespace joust::cli {

bool is_terminal(int fd);

// Colour is wanted: a terminal, and NO_COLOR (no-color.org) is not set.
bool wants_colour(int fd);

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Of the terminal as it is now; the usual where it does not say, or where there is none.
TerminalSize terminal_size(int fd);

}  // namespace joust::cli
