#pragma once
// Some worlds: each of them while they are few, then their number with the lowest and the highest
// task. Of a fixed size, so that there may be many of these sets.

#include <array>
#include <cstdint>
#include <span>

#include "common/ids.hpp"

namespace joust::report {

class TaskSet {
 public:
  static constexpr std::size_t kNamed = 6;

  // Adding a task again changes nothing while all are known; later it is counted.
  void add(TaskIndex task);
  // `shared`: how many tasks are in both; it is found out where all are known.
  void merge(const TaskSet& other, std::uint64_t shared = 0);

  std::uint64_t count() const { return count_; }
  bool knows_all() const { return count_ <= kNamed; }
  // Ascending. REQUIRES: knows_all().
  std::span<const TaskIndex> all() const { return {tasks_.data(), count_}; }
  // REQUIRES: count() > 0.
  TaskIndex lowest() const { return tasks_.front(); }
  TaskIndex highest() const { return knows_all() ? tasks_[count_ - 1] : tasks_.back(); }

 private:
  std::uint64_t count_ = 0;
  std::array<TaskIndex, kNamed> tasks_{};  // ascending; of more than these: the first, the last
};

}  // namespace joust::report
