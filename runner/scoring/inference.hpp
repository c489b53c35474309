#pragma once
// How sure the standings are. The unit of analysis is the block: one base configuration, whose sets
// and rotations share one economy. STATISTICS.md defines every number and gives its source.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace joust::scoring {

// Undefined ends are NaN.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

struct CompetitorInference {
  Interval interval;                     // 95 %, of the tournament's metric
  std::vector<double> rank_probability;  // [r]: P(rank = r + 1), over the draws; empty: no draws
  bool tied_with_winner = false;         // the data do not separate it from the winner
};

// Of `a` against `b`, over the worlds in which both sat and have a usable score.
struct PairInference {
  std::uint32_t a = 0;  // competitors, by index; a < b
  std::uint32_t b = 0;
  std::uint64_t worlds = 0;                                      // shared
  double difference = std::numeric_limits<double>::quiet_NaN();  // mean of score a - score b
  Interval interval;                                             // 95 %, of the difference
  double p = std::numeric_limits<double>::quiet_NaN();           // sign-flip test, two-sided
  double p_holm = std::numeric_limits<double>::quiet_NaN();      // adjusted over all pairs
  double a_beats_b = std::numeric_limits<double>::quiet_NaN();   // P(metric of a > metric of b)
};

struct Inference {
  std::uint64_t blocks = 0;  // configurations with a usable score
  std::uint64_t groups = 0;  // that blocks were merged into; equal to `blocks` when none was
  std::uint64_t draws = 0;   // of the bootstrap; 0: fewer than two blocks, nothing to draw from
  bool few_blocks = false;   // fewer than 10: the intervals are rough
  bool too_many_competitors = false;  // more than 512: nothing was inferred, both lists are empty
  std::vector<CompetitorInference> competitors;  // by index
  std::vector<PairInference> pairs;              // by (a, b)
};

class Blocks;
class ResampledMetric;

// The bootstrap, the tests and Holm's adjustment. `ranks` are those of the standings, by competitor
// (0: none); they say who the winners are. Uses all threads that oneTBB has; the result is the same
// to the bit for any number of them. REQUIRES: one metric and one rank per competitor of `blocks`.
Inference infer(std::uint64_t seed, const Blocks& blocks,
                const std::vector<ResampledMetric>& metrics, std::span<const std::uint32_t> ranks);

}  // namespace joust::scoring
