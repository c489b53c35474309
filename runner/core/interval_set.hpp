#pragma once
// A set of task indices kept as disjoint intervals. Tasks finish nearly in the order of their indices,
// so a tournament of any size needs a few intervals only.

#include <cstddef>
#include <cstdint>
#include <map>

namespace joust::core {

class IntervalSet {
 public:
  // False when the value was in the set already.
  bool insert(std::uint64_t value);
  bool contains(std::uint64_t value) const;
  // The smallest value >= `from` that is not in the set.
  std::uint64_t first_missing(std::uint64_t from) const;
  std::uint64_t size() const { return size_; }
  std::size_t intervals() const { return ends_.size(); }

 private:
  std::map<std::uint64_t, std::uint64_t> ends_;  // first of an interval -> one past its last
  std::uint64_t size_ = 0;
};

}  // namespace joust::core
