#pragma once
// Results, failures and workers in memory, for tests of what is computed from a journal.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/result_codec.hpp"
#include "runner/report/run_record.hpp"

namespace joust::test {

class MemoryRecord : public report::RunRecord {
 public:
  void add(TaskIndex task, const WorldResult& result, Duration own = Duration{0}) {
    std::string bytes;
    encode_result(result, bytes);
    results_[task] = {std::move(bytes), own};
  }
  void add_bytes(TaskIndex task, std::string bytes) { results_[task] = {std::move(bytes), {}}; }

  void for_each_result(const std::function<void(const journal::ResultRow&)>& visit) const override {
    for (const auto& [task, result] : results_) {
      visit({.task = task,
             .attempt = 1,
             .played = played.value_or(result.own),
             .encoded = result.bytes,
             .slot = 0,
             .at = at});
    }
  }
  void for_each_failed_attempt(
      const std::function<void(const journal::FailedAttempt&)>& visit) const override {
    std::vector<journal::FailedAttempt> rows = failed;
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return std::pair(a.task, a.attempt) < std::pair(b.task, b.attempt);
    });
    for (const journal::FailedAttempt& row : rows) visit(row);
  }
  std::vector<journal::QuarantineRow> quarantined() const override { return given_up; }
  std::vector<journal::Session> sessions() const override { return session_rows; }
  std::vector<journal::WorkerStart> worker_starts() const override { return starts; }
  std::vector<journal::WorkerEnd> worker_ends() const override { return ends; }

  std::optional<Duration> played;  // by each result, instead of its own time
  journal::UnixMillis at = 0;      // the same
  std::vector<journal::FailedAttempt> failed;
  std::vector<journal::QuarantineRow> given_up;
  std::vector<journal::Session> session_rows;
  std::vector<journal::WorkerStart> starts;
  std::vector<journal::WorkerEnd> ends;

 private:
  struct Played {
    std::string bytes;
    Duration own{0};  // time played
  };
  std::map<TaskIndex, Played> results_;
};

}  // namespace joust::test
