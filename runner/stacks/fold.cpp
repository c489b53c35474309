#include "runner/stacks/fold.hpp"

namespace joust::stacks {
namespace {

constexpr std::size_t kLongest = 8;
constexpr std::size_t kFewestTimes = 3;

// How often the frames from `begin` on occur one after another.
std::size_t times_at(const std::vector<Address>& stack, std::size_t begin, std::size_t length) {
  std::size_t same = begin + length;
  while (same < stack.size() && stack[same] == stack[same - length]) ++same;
  return (same - begin) / length;
}

Run run_at(const std::vector<Address>& stack, std::size_t begin) {
  for (std::size_t length = 1; length <= kLongest; ++length) {
    const std::size_t times = times_at(stack, begin, length);
    if (times >= kFewestTimes) return {begin, length, times};
  }
  return {begin, 1, 1};
}

}  // namespace

std::vector<Run> fold(const std::vector<Address>& stack) {
  std::vector<Run> runs;
  for (std::size_t at = 0; at < stack.size(); at += runs.back().length * runs.back().times) {
    runs.push_back(run_at(stack, at));
  }
  return runs;
}

}  // namespace joust::stacks
