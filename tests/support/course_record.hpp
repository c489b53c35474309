#pragma once
// A made-up run with a course of time: two sessions (the first one killed) with a pause between,
// slots, deaths, failed attempts with logs and stacks, samples. Results are computed when they are
// read, so that a million of them need no memory. The same options make the same run.

#include <filesystem>
#include <string>
#include <vector>

#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/report/run_detail.hpp"

namespace joust::test {

struct CourseOptions {
  std::vector<std::string> names;
  std::uint32_t per_world = 3;
  std::uint32_t configs = 4;
  std::uint32_t runs = 1;
  std::uint64_t slots = 4;
  std::uint64_t fail_every = 37;  // every n-th task has a failed attempt; 0: none
  std::uint64_t quarantined = 0;  // the first failing tasks
  std::uint64_t unplayed = 0;     // the last tasks of the plan
  bool with_moments = true;       // false: as older versions of joust wrote it
};

class CourseRecord : public report::RunRecord {
 public:
  explicit CourseRecord(const CourseOptions& options);

  const Tournament& tournament() const { return tournament_; }
  const Plan& plan() const { return plan_; }
  // Logs and stacks of failed attempts, and events.jsonl.
  void write_files(const std::filesystem::path& dir) const;

  void for_each_result(const std::function<void(const journal::ResultRow&)>& visit) const override;
  void for_each_failed_attempt(
      const std::function<void(const journal::FailedAttempt&)>& visit) const override;
  std::vector<journal::QuarantineRow> quarantined() const override;
  std::vector<journal::Session> sessions() const override;
  std::vector<journal::WorkerStart> worker_starts() const override;
  std::vector<journal::WorkerEnd> worker_ends() const override;

 private:
  bool fails(TaskIndex task) const;
  bool is_given_up(TaskIndex task) const;
  std::uint64_t played() const { return plan_.worlds() - options_.unplayed; }
  journal::UnixMillis moment(TaskIndex task) const;
  double score(TaskIndex task, std::uint32_t competitor) const;
  // The failing tasks' first attempts end their workers.
  std::vector<journal::WorkerEnd> deaths() const;

  CourseOptions options_;
  Tournament tournament_;
  Plan plan_;
};

}  // namespace joust::test
