#include "runner/core/interval_set.hpp"

#include <iterator>

namespace joust::core {

bool IntervalSet::insert(std::uint64_t value) {
  auto after = ends_.upper_bound(value);
  auto before = after == ends_.begin() ? ends_.end() : std::prev(after);
  if (before != ends_.end() && value < before->second) return false;
  ++size_;
  const bool joins_before = before != ends_.end() && before->second == value;
  const bool joins_after = after != ends_.end() && after->first == value + 1;
  if (joins_before && joins_after) {
    before->second = after->second;
    ends_.erase(after);
  } else if (joins_before) {
    before->second = value + 1;
  } else if (joins_after) {
    const std::uint64_t end = after->second;
    ends_.erase(after);
    ends_.emplace(value, end);
  } else {
    ends_.emplace(value, value + 1);
  }
  return true;
}

bool IntervalSet::contains(std::uint64_t value) const {
  const auto after = ends_.upper_bound(value);
  return after != ends_.begin() && value < std::prev(after)->second;
}

std::uint64_t IntervalSet::first_missing(std::uint64_t from) const {
  const auto after = ends_.upper_bound(from);
  if (after == ends_.begin()) return from;
  const std::uint64_t end = std::prev(after)->second;
  return from < end ? end : from;
}

}  // namespace joust::core
