#pragma once
// The one place where results become standings: the tables, the report and the summary all show
// what is computed here. One pass over the results; memory is one double per score.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/scoring/inference.hpp"
#include "runner/scoring/metrics.hpp"
#include "runner/scoring/result_source.hpp"

namespace joust::scoring {

// How much of the plan the standings rest on.
struct Coverage {
  std::uint64_t expected = 0;     // worlds in the plan
  std::uint64_t done = 0;         // worlds with a counted result
  std::uint64_t quarantined = 0;  // worlds given up; they have no result
  std::uint64_t unusable = 0;     // scores in done worlds that are NaN, infinite or absent

  std::uint64_t missing() const { return expected - done; }
  std::uint64_t unplayed() const { return missing() - quarantined; }
  bool complete() const { return done == expected && unusable == 0; }
};

struct Standing {
  std::uint32_t competitor = 0;  // index into WorldSetup::competitors
  std::string name;
  std::uint32_t rank = 0;  // from 1; equal values share a rank and the next one skips; 0: no value
  bool tied = false;       // shares its rank
  double value = 0;        // of the tournament's metric; NaN: undefined for want of scores
  Summary summary;         // of the usable scores
  std::uint64_t worlds_done = 0;
  std::uint64_t worlds_expected = 0;
  std::uint64_t unusable = 0;  // scores left out of `summary`
};

struct Standings {
  Metric metric = Metric::truncated_mean;
  Coverage coverage;
  std::vector<Standing> ranking;  // best first; equals by name; those without a value last
  Inference inference;            // left empty where nobody asked for it

  // All at the maximum; none when nobody has a value.
  std::vector<const Standing*> winners() const;
  // All competitors were scored in the same number of worlds.
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

using SeatVisitor = std::function<void(const ScoredSeat&)>;

// Reads all results once; `on_seat` sees every seat of every counted world, by task and then by
// seat. Scores that are not finite are left out of the summaries and counted as unusable. Throws
// JournalError when a result does not belong to the plan, can not be decoded or comes twice.
Standings compute_standings(const Tournament& tournament, const Plan& plan,
                            const ResultSource& source, const SeatVisitor& on_seat = {});

}  // namespace joust::scoring
