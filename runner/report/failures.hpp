#pragma once
// The failed attempts of a run, by cause and by world. Memory is a few words per world that failed.

#include <map>
#include <vector>

#include "runner/report/report.hpp"

namespace joust::report {

class FailureLedger {
 public:
  // The record outlives the ledger.
  explicit FailureLedger(const RunRecord& record);

  // That world has a result after all.
  void mark_recovered(TaskIndex task);

  std::uint64_t attempts() const { return attempts_; }
  std::vector<CauseSummary> by_cause() const;
  // Reads the failed attempts again, for the details of the few that are shown.
  std::vector<TroubledWorld> worst(const ReportOptions& options, const Tournament& tournament,
                                   const Plan& plan) const;

 private:
  struct World {
    std::uint64_t attempts = 0;  // charged ones
    std::uint32_t causes = 0;    // a bit for each Cause
    Fate fate = Fate::open;
    Cause given_up_for = Cause::crashed;  // when quarantined
  };

  std::vector<TaskIndex> worst_tasks(std::size_t count) const;
  TroubledWorld describe(TaskIndex task, const Tournament& tournament, const Plan& plan) const;

  const RunRecord& record_;
  std::map<TaskIndex, World> worlds_;
  std::map<Cause, std::uint64_t> attempts_by_cause_;
  std::uint64_t attempts_ = 0;
};

}  // namespace joust::report
