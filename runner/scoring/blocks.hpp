#pragma once
// The scores of a tournament by block (configuration), as the inference needs them. Filled while
// the results stream by. Not thread-safe while it is filled.

#include <cstdint>
#include <span>
#include <vector>

#include "runner/scoring/resampled_metric.hpp"

namespace joust::scoring {

// Whole configurations are merged into groups (configuration modulo groups) so that a draw does not
// cost more the more configurations there are: at most 1024 groups, fewer when there are so many
// pairs of competitors that pairs x groups would exceed 2^18, but never fewer than 32 on that
// account. Configurations that share a group are resampled together.
std::uint32_t group_count(std::uint32_t configs, std::uint32_t competitors);

// Beyond this nothing is inferred: the number of pairs grows with the square.
inline constexpr std::uint32_t kMostCompared = 512;  // competitors

struct SeatScore {
  std::uint32_t competitor = 0;
  double score = 0;
};

// What the shared worlds of a pair come to in one group.
struct PairGroup {
  double difference = 0;  // sum of score a - score b
  double worlds = 0;      // a whole number
};

class Blocks {
 public:
  // REQUIRES: 1 <= competitors <= kMostCompared, configs >= 1.
  Blocks(std::uint32_t configs, std::uint32_t competitors);

  // REQUIRES: config < configs; finite scores; each competitor at most once.
  void add_world(std::uint32_t config, std::span<const SeatScore> seats);

  std::uint32_t competitors() const { return competitors_; }
  std::uint32_t groups() const { return groups_; }
  std::uint64_t blocks() const { return blocks_; }  // configurations with a usable score
  std::vector<GroupIndex> used_groups() const;      // that have a usable score
  GroupIndex group_of(std::uint32_t config) const {
    return static_cast<GroupIndex>(config % groups_);
  }

  std::size_t pairs() const { return magnitudes_.size(); }
  // Of competitors a < b. Pairs are numbered by a and then by b.
  std::size_t pair_index(std::uint32_t a, std::uint32_t b) const;
  std::span<const PairGroup> pair(std::size_t index) const {
    return {pair_groups_.data() + index * groups_, groups_};
  }
  // Sum of |score a| + |score b| over the pair's worlds.
  double magnitude(std::size_t index) const { return magnitudes_[index]; }

 private:
  std::uint32_t competitors_;
  std::uint32_t groups_;
  std::uint64_t blocks_ = 0;
  std::vector<bool> config_used_;
  std::vector<bool> group_used_;
  std::vector<PairGroup> pair_groups_;  // by pair, then by group
  std::vector<double> magnitudes_;      // by pair
};

}  // namespace joust::scoring
