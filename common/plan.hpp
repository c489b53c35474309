#pragma once
// The plan of a tournament: which worlds are played, in which order, with which seeds. It is a
// function, never a list: a task's cell takes O(1) time and memory, its seats O(k^2 log n) at most.
//
// n competitors, k per world, G configurations, R runs: every one of the C(n,k) sets of competitors
// meets every configuration, seated in each of the k cyclic rotations, R times:
//
//     worlds = C(n,k) * G * k * R           worlds of one competitor = C(n-1,k-1) * G * k * R
//
// A cell number is ((set * G + config) * k + rotation) * R + run, sets ranked lexicographically.
// The task with index i plays cell (i * stride) mod worlds, where stride is the number nearest to
// worlds * (sqrt(5)-1)/2 that has no common factor with worlds. So the task index is the order of
// play, any G*k*R successive tasks hold every (configuration, rotation, run) exactly once, every
// prefix covers the competitors nearly evenly (a low-discrepancy sequence: for pairs and triples
// two to four times more evenly than a random order), and the map has an inverse.

#include <cstdint>
#include <string>
#include <vector>

#include "common/ids.hpp"
#include "common/shard.hpp"

namespace joust {

struct PlanShape {
  std::uint32_t competitors = 0;  // n >= 1
  std::uint32_t per_world = 0;    // 1 <= k <= n
  std::uint32_t configs = 1;      // G >= 1
  std::uint32_t runs = 1;         // R >= 1
  std::uint64_t seed = 0;         // of the tournament
  Shard shard = {};               // the part of it that is played here
};

struct PlanCell {
  std::uint64_t set = 0;  // lexicographic rank among the C(n,k) sets
  std::uint32_t config = 0;
  std::uint32_t rotation = 0;  // seat j holds member (j + rotation) mod k of the ascending set
  std::uint32_t run = 0;
  bool operator==(const PlanCell&) const = default;
};

// Immutable; safe to share between threads.
class Plan {
 public:
  // Throws std::invalid_argument, naming the numbers, when k > n, a count is zero, or the number of
  // worlds does not fit 62 bits.
  explicit Plan(const PlanShape& shape);

  const PlanShape& shape() const { return shape_; }
  std::uint64_t worlds() const { return worlds_; }
  std::uint64_t worlds_per_competitor() const { return worlds_per_competitor_; }
  std::uint64_t sets() const { return sets_; }

  const Shard& shard() const { return shape_.shard; }
  std::uint64_t worlds_here() const { return shard().size(worlds_); }  // of the shard
  // Of the shard, by competitor. Takes as long as Plan::seats for each of its worlds, unless it is
  // the whole.
  std::vector<std::uint64_t> worlds_here_by_competitor() const;

  PlanCell cell(TaskIndex task) const;         // REQUIRES task < worlds()
  TaskIndex task(const PlanCell& cell) const;  // the inverse
  // The competitor in each seat, into `seats` (resized to k). REQUIRES: a cell of this plan.
  void seats(const PlanCell& cell, std::vector<std::uint32_t>& seats) const;

  // hash_numbers({tournament seed, 1, config}): shared by all worlds of a configuration.
  std::uint64_t config_seed(std::uint32_t config) const;
  // hash_numbers({tournament seed, 2, config, set, rotation, run}).
  std::uint64_t world_seed(const PlanCell& cell) const;

  // The world's name in files: the task index, zero-padded to the width of the plan, an underscore,
  // and the low 24 bits of its seed as six hex digits: "0042_9f3ab1".
  std::string run_id(TaskIndex task) const;

 private:
  PlanShape shape_;
  std::uint64_t sets_ = 0;
  std::uint64_t worlds_ = 0;
  std::uint64_t worlds_per_competitor_ = 0;
  std::uint64_t stride_ = 1;
  std::uint64_t inverse_stride_ = 1;
};

}  // namespace joust
