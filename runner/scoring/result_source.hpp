#pragma once
// Where the counted results come from: a run's journal, or a test's memory.

#include <functional>
#include <vector>

#include "runner/journal/journal.hpp"

namespace joust::scoring {

class ResultSource {
 public:
  virtual ~ResultSource() = default;

  // Every counted result once, in ascending order of task.
  virtual void for_each_result(
      const std::function<void(const journal::ResultRow&)>& visit) const = 0;

  // The worlds that were given up, in any order.
  virtual std::vector<journal::QuarantineRow> quarantined() const = 0;
};

}  // namespace joust::scoring
