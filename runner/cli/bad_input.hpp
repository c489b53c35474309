#pragma once
// How the commands end on bad input.

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "runner/cli/exit_code.hpp"

namespace joust::cli {

// Tells the one clear error on standard error; returns the exit code.
inline int bad_input(std::string_view text) {
  fmt::print(stderr, "joust: {}\n", text);
  return kBadInput;
}

}  // namespace joust::cli
