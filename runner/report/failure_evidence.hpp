#pragma once
// Failed attempts grouped by what was said, and the files that some of them left.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runner/report/run_detail.hpp"

namespace joust::report {

class EvidenceCollector {
 public:
  // The report and the tournament outlive the collector.
  EvidenceCollector(const Report& report, const Tournament& tournament,
                    const std::vector<journal::QuarantineRow>& quarantined);

  // That world was not given up after all.
  void has_result(TaskIndex task) { given_up_.erase(task); }

  // Reads the files of attempts at the report's worst worlds, within a limit for all of them
  // together.
  void add(const journal::FailedAttempt& row);
  void finish(RunDetail& detail);

 private:
  AttemptEvidence evidence_of(const journal::FailedAttempt& row);
  void read_stack(AttemptEvidence& evidence);

  const Report& report_;
  const Tournament& tournament_;
  std::size_t bytes_left_;
  std::map<TaskIndex, std::vector<AttemptEvidence>> evidence_;
  std::map<std::pair<Cause, std::string>, FailureGroup> groups_;
  std::set<TaskIndex> tasks_;
  std::set<TaskIndex> charged_;   // of these, those with an attempt that counts
  std::set<TaskIndex> given_up_;  // quarantined
};

}  // namespace joust::report
