#pragma once
// What repeats in a stack: a recursion shows as the same few addresses again and again.

#include <cstddef>
#include <vector>

#include "runner/stacks/symbols.hpp"

namespace joust::stacks {

// `times` times the `length` frames from `begin` on.
struct Run {
  std::size_t begin = 0;
  std::size_t length = 1;
  std::size_t times = 1;
  bool operator==(const Run&) const = default;
};

// The stack as runs, in its order: those that repeat at least three times, of at most eight frames
// each, and single frames.
std::vector<Run> fold(const std::vector<Address>& stack);

}  // namespace joust::stacks
