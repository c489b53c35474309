#pragma once
// What the HTML report shows beyond the Report: shapes of distributions, the course of the sessions
// and the evidence of failures. All of it is aggregated: its size depends on the numbers of
// competitors, slots and shown failures, not on the number of worlds (but for the numbers of the
// worlds that failed).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/report/report.hpp"
#include "runner/report/session_track.hpp"

namespace joust::report {

// Counts over bins of equal width between low and high.
struct ScoreAxis {
  double low = 0;
  double high = 1;
};

// The scores of one competitor.
struct ScoreShape {
  std::vector<std::uint64_t> bins;  // between the ends of the ScoreAxis
  std::uint64_t below = 0;          // left of the axis
  std::uint64_t above = 0;          // right of it
  std::vector<double> points;       // every n-th score, in the order of tasks
  std::uint64_t every = 1;          // that n
};

struct CompetitorTrouble {
  std::uint64_t present = 0;  // failed attempts at worlds in which it sat
  std::uint64_t named = 0;    // of these, those whose evidence names it
};

// Times of counted worlds: bin i begins at kShortest * 10^(i / kPerDecade) seconds.
struct DurationShape {
  static constexpr double kShortest = 1e-8;
  static constexpr int kPerDecade = 64;
  static constexpr int kBins = 14 * kPerDecade;

  std::vector<std::uint64_t> bins;  // kBins; what lies outside is in the first or last bin
  std::uint64_t worlds = 0;
  double total = 0;  // seconds
  double shortest = 0;
  double longest = 0;

  void add(double seconds);
  // Interpolated within its bin: at most 4 % off. REQUIRES: worlds > 0; 0 <= q <= 1.
  double quantile(double q) const;
  static double bin_start(std::size_t bin);
};

// A failed attempt with what is left of it. All texts but the paths are printable.
struct AttemptEvidence {
  AttemptNumber attempt = 0;
  Cause cause = Cause::crashed;
  std::string detail;
  SlotIndex slot = 0;
  Epoch epoch = 0;
  journal::UnixMillis at = 0;
  double seconds = 0;
  bool charged = true;
  std::string culprit;                   // the competitor that the evidence names; empty: none
  std::string log;                       // relative to the run directory; empty: none
  std::vector<std::string> last_words;   // of that log
  std::string stack;                     // relative to the run directory; empty: none
  std::vector<std::string> stack_lines;  // its beginning
  bool stack_cut = false;                // there is more of it
};

// Failed attempts with the same cause and the same words.
struct FailureGroup {
  Cause cause = Cause::crashed;
  std::string detail;  // printable; empty in the group of those that differ too much
  std::uint64_t attempts = 0;
  std::uint64_t kinds = 1;  // different details in this group
  TaskIndex first = 0;      // the lowest of its tasks
};

// first, ..., last
struct TaskRange {
  TaskIndex first = 0;
  TaskIndex last = 0;
};

struct RunDetail {
  ScoreAxis score_axis;
  std::vector<ScoreShape> scores;          // by competitor's index
  std::vector<CompetitorTrouble> trouble;  // by competitor's index
  DurationShape durations;
  std::vector<SessionTrack> sessions;
  std::uint64_t placed = 0;    // results whose moment is known
  std::uint64_t unplaced = 0;  // results of older versions of joust: they have no moment
  std::uint64_t samples = 0;
  double lost_seconds = 0;                                     // of workers, in failed attempts
  std::map<TaskIndex, std::vector<AttemptEvidence>> evidence;  // of the worlds in Report::worst
  std::vector<FailureGroup> groups;                            // most attempts first
  std::vector<TaskRange> failed_tasks;                         // ascending
  std::vector<TaskRange> quarantined_tasks;                    // ascending; without a result
  std::uint64_t troubled = 0;  // worlds that Report::worst chooses from
};

// Reads the results and the failed attempts once, and the logs and stacks of the worlds in
// report.worst. `report` is of the same record. Throws JournalError.
RunDetail gather_detail(const Report& report, const Tournament& tournament, const Plan& plan,
                        const RunRecord& record);

}  // namespace joust::report
