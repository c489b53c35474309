#include "runner/report/task_set.hpp"

#include <algorithm>

namespace joust::report {

void TaskSet::add(TaskIndex task) {
  TaskSet one;
  one.count_ = 1;
  one.tasks_.front() = task;
  merge(one);
}

void TaskSet::merge(const TaskSet& other, std::uint64_t shared) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const TaskIndex low = std::min(lowest(), other.lowest());
  const TaskIndex high = std::max(highest(), other.highest());
  if (knows_all() && other.knows_all()) {
    std::array<TaskIndex, 2 * kNamed> both{};
    const auto mine = all();
    const auto theirs = other.all();
    const auto end =
        std::set_union(mine.begin(), mine.end(), theirs.begin(), theirs.end(), both.begin());
    count_ = static_cast<std::uint64_t>(end - both.begin());
    std::copy_n(both.begin(), kNamed, tasks_.begin());
  } else {
    count_ += other.count_ - std::min(shared, other.count_);
  }
  if (knows_all()) return;
  tasks_.front() = low;
  tasks_.back() = high;
}

}  // namespace joust::report
