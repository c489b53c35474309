#pragma once
// All usable scores of a tournament, by competitor, each with the group of its configuration where
// the inference needs it.

#include <cstdint>
#include <span>
#include <vector>

#include "runner/scoring/resampled_metric.hpp"

namespace joust::scoring {

// Not thread-safe; sort() uses all threads that oneTBB has.
class ScoreBook {
 public:
  ScoreBook(std::size_t competitors, bool with_groups);

  // `group` is ignored without groups. REQUIRES: a finite score; sort() was not called yet.
  void add(std::uint32_t competitor, double score, GroupIndex group);

  // By score, and equal ones by group. Memory: 16 bytes more for each score of the competitors that
  // are being sorted, one per thread.
  void sort();

  // Drops the competitor's scores.
  void forget(std::uint32_t competitor);

  // By competitor; ascending after sort().
  std::span<const std::vector<double>> scores() const { return scores_; }
  // Of the competitor's scores, in their order. Empty without groups.
  std::span<const GroupIndex> groups(std::uint32_t competitor) const { return groups_[competitor]; }

 private:
  void sort_with_groups(std::size_t competitor);

  bool with_groups_;
  std::vector<std::vector<double>> scores_;
  std::vector<std::vector<GroupIndex>> groups_;
};

}  // namespace joust::scoring
