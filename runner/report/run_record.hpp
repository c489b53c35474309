#pragma once
// Everything a report reads of a run: its journal, or a test's memory.

#include <functional>
#include <vector>

#include "runner/journal/journal.hpp"
#include "runner/scoring/result_source.hpp"

namespace joust::report {

class RunRecord : public scoring::ResultSource {
 public:
  // By task, attempt and then as they were recorded.
  virtual void for_each_failed_attempt(
      const std::function<void(const journal::FailedAttempt&)>& visit) const = 0;
  virtual std::vector<journal::Session> sessions() const = 0;  // by number
  virtual std::vector<journal::WorkerStart> worker_starts() const = 0;
  virtual std::vector<journal::WorkerEnd> worker_ends() const = 0;
  // What was found damaged and left out so far, one line each.
  virtual std::vector<std::string> damage() const { return {}; }
};

}  // namespace joust::report
