#pragma once
// The one place where results become standings: the tables, the report and the summary all show
// what is computed here. One pass over the results; memory is 10 bytes per score, and 16 more for
// those of the competitors that are being sorted, one per thread.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/disqualification.hpp"
#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/scoring/inference.hpp"
#include "runner/scoring/metrics.hpp"
#include "runner/scoring/pair_tests.hpp"
#include "runner/scoring/result_source.hpp"
#include "runner/scoring/sensitivity.hpp"

namespace joust::scoring {

// How much of the plan the standings rest on.
struct Coverage {
  std::uint64_t expected = 0;     // worlds in the plan, of this shard
  std::uint64_t done = 0;         // worlds with a counted result
  std::uint64_t quarantined = 0;  // worlds given up; they have no result
  std::uint64_t voided = 0;       // worlds that do not count: somebody in them was disqualified
  std::uint64_t unusable = 0;     // scores in done worlds that are NaN, infinite or absent
  Shard shard = {};

  std::uint64_t missing() const { return expected - done; }
  std::uint64_t unplayed() const { return missing() - quarantined - voided; }
  bool complete() const { return done == expected && unusable == 0; }
};

struct Standing {
  std::uint32_t competitor = 0;  // index into WorldSetup::competitors
  std::string name;
  std::uint32_t rank = 0;  // from 1; equal values share a rank and the next one skips; 0: it
                           // has no value, or was disqualified
  bool tied = false;       // shares its rank
  double value = 0;        // of the tournament's metric; NaN: undefined for want of scores
  Summary summary;         // of the usable scores
  std::uint64_t worlds_done = 0;
  std::uint64_t worlds_expected = 0;
  std::uint64_t unusable = 0;                     // scores left out of `summary`
  std::uint64_t forfeits = 0;                     // counted worlds in which it gave up
  std::optional<TaskIndex> disqualified_at = {};  // the world of its last strike
};

struct Standings {
  Metric metric = Metric::truncated_mean;
  Coverage coverage;
  // Best first; equals by name; then those without a value, and the disqualified ones last.
  std::vector<Standing> ranking;
  std::optional<Disqualification> disqualification;  // nothing: there is no such rule
  Inference inference;                               // empty where it was not asked for
  std::vector<PairTests> tests;                      // empty where they were not asked for
  Sensitivity sensitivity;  // to the worlds without a result; empty when there is none

  // All at the maximum; none when nobody has a value.
  std::vector<const Standing*> winners() const;
  // All competitors, but those that were disqualified, were scored in the same number of worlds.
  bool even() const;
};

// One seat of a counted world.
struct ScoredSeat {
  TaskIndex task = 0;
  std::uint32_t seat = 0;
  std::uint32_t competitor = 0;
  std::string_view agent_name;  // the world's; the competitor's name where the world gave none
  double score = 0;             // NaN also where the world gave none
};

// A counted world. Valid during the visit.
struct CountedWorld {
  const journal::ResultRow& row;
  const WorldResult& result;
  std::span<const ScoredSeat> seats;  // all of the plan's, whatever the result has
};

using WorldVisitor = std::function<void(const CountedWorld&)>;

struct StandingsOptions {
  bool inference = true;    // false where only counts, values and ranks are needed
  bool pair_tests = false;  // for tstats.csv and kstats.csv
  // Which competitor (by index) the evidence names as the culprit of a world that was given up;
  // worlds that were counted after all are passed over. A strike, where competitors may be
  // disqualified.
  std::map<TaskIndex, std::uint32_t> culprits = {};
};

// Reads all results once; `on_world` sees every counted world, by task. Scores that are not finite
// are left out of the summaries and counted as unusable. Throws JournalError when a result does not
// belong to the plan, can not be decoded or comes twice, and std::out_of_range when a culprit is no
// competitor. Uses all threads that oneTBB has, once the results are read.
Standings compute_standings(const Tournament& tournament, const Plan& plan,
                            const ResultSource& source, const StandingsOptions& options = {},
                            const WorldVisitor& on_world = {});

}  // namespace joust::scoring
