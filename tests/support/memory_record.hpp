#pragma once
// Results, failures and workers in memory, for tests of what is computed from a journal.

#include <map>
#include <string>
#include <vector>

#include "common/result_codec.hpp"
#include "runner/report/run_record.hpp"

namespace joust::test {

class MemoryRecord : public report::RunRecord {
 public:
  void add(TaskIndex task, const WorldResult& result, Duration played = Duration{0}) {
    std::string bytes;
    encode_result(result, bytes);
    results_[task] = {std::move(bytes), played};
  }
  void add_bytes(TaskIndex task, std::string bytes) { results_[task] = {std::move(bytes), {}}; }

  void for_each_result(const std::function<void(const journal::ResultRow&)>& visit) const override {
    for (const auto& [task, result] : results_) {
      visit({.task = task, .attempt = 1, .played = result.played, .encoded = result.bytes});
    }
  }
  void for_each_failed_attempt(
      const std::function<void(const journal::FailedAttempt&)>& visit) const override {
    for (const journal::FailedAttempt& row : failed) visit(row);
  }
  std::vector<journal::QuarantineRow> quarantined() const override { return given_up; }
  std::vector<journal::Session> sessions() const override { return session_rows; }
  std::vector<journal::WorkerStart> worker_starts() const override { return starts; }
  std::vector<journal::WorkerEnd> worker_ends() const override { return ends; }

  std::vector<journal::FailedAttempt> failed;
  std::vector<journal::QuarantineRow> given_up;
  std::vector<journal::Session> session_rows;
  std::vector<journal::WorkerStart> starts;
  std::vector<journal::WorkerEnd> ends;

 private:
  struct Played {
    std::string bytes;
    Duration played{0};
  };
  std::map<TaskIndex, Played> results_;
};

}  // namespace joust::test
