#pragma once
// The failed attempts of a run, by cause, by world and by competitor. Memory is a few words per
// world that failed.

#include <map>
#include <optional>
#include <vector>

#include "runner/report/report.hpp"

namespace joust::report {

class FailureLedger {
 public:
  // All three outlive the ledger.
  FailureLedger(const RunRecord& record, const Tournament& tournament, const Plan& plan);

  // That world has a result after all.
  void mark_recovered(TaskIndex task);
  // Void worlds charge nobody: whether they were played at all is luck.
  void leave_out_void(const Disqualification& rule);

  std::uint64_t attempts() const { return attempts_; }
  Duration played() const { return played_; }  // in failed attempts
  std::vector<CauseSummary> by_cause() const;
  // A failed attempt is charged to a competitor only when the evidence names it and it sat there;
  // attempts that do not count towards quarantine (ended by joust itself) are nobody's.
  std::vector<CompetitorFailures> by_competitor() const;
  // Of worlds that were given up, the competitor that the evidence of a charged attempt names (of
  // several the last): an attempt that died of something else clears nobody.
  std::map<TaskIndex, std::uint32_t> culprits() const;
  // Reads the failed attempts again, for the details of the few that are shown.
  std::vector<TroubledWorld> worst(const ReportOptions& options) const;

 private:
  struct World {
    std::uint64_t attempts = 0;  // charged ones
    std::uint32_t causes = 0;    // a bit for each Cause
    Fate fate = Fate::open;
    Cause given_up_for = Cause::crashed;        // when quarantined
    std::optional<std::uint32_t> culprit = {};  // of the last charged attempt that has one
    std::map<std::uint32_t, std::uint64_t> charged = {};  // attempts, by competitor
  };

  std::vector<TaskIndex> worst_tasks(std::size_t count) const;
  TroubledWorld describe(TaskIndex task) const;
  void fill_evidence(TroubledWorld& world, const journal::FailedAttempt& row,
                     const ReportOptions& options) const;
  std::vector<std::uint32_t> seats(TaskIndex task) const;

  const RunRecord& record_;
  const Tournament& tournament_;
  const Plan& plan_;
  std::map<TaskIndex, World> worlds_;
  std::map<Cause, std::uint64_t> attempts_by_cause_;
  std::uint64_t attempts_ = 0;
  Duration played_{0};
};

// What tables need of it to know who is disqualified: the culprits() where there is such a rule,
// else nothing is read and there are none.
std::map<TaskIndex, std::uint32_t> disqualifying_culprits(const RunRecord& record,
                                                          const Tournament& tournament,
                                                          const Plan& plan);

}  // namespace joust::report
