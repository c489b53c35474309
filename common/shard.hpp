#pragma once
// A part of a tournament's worlds that is played by itself, on another machine perhaps: shard I of
// N has one of every N successive worlds of the plan's order. So all shards have the same number of
// worlds, but for one, and each covers the competitors and configurations nearly evenly.
//
// Of the block of tasks N*b .. N*b + N-1, shard I (counted from 1) plays the one with the number
// (I - 1 - turn) mod N in the block, where turn = floor(N * frac(b * (sqrt(5)-1)/2)). Were it the
// same place in every block, an N that has a factor in common with the number of configurations or
// rotations would give a shard some of them only: of 20 competitors in pairs and 50 configurations,
// each of 10 shards would meet 10 configurations; so it meets all of them, none more than 8 % too
// often. (Turns drawn at random: 53 %.)

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/ids.hpp"

namespace joust {

struct Shard {
  std::uint32_t index = 1;  // from 1 to count
  std::uint32_t count = 1;  // 1: the whole tournament

  bool is_whole() const { return count == 1; }

  // How many of a plan's first `worlds` worlds it plays.
  std::uint64_t size(std::uint64_t worlds) const;
  bool has(TaskIndex task) const;

  // Its tasks in ascending order are task(0), task(1), ...; position() is the inverse, and tells
  // tasks of other shards from each other no more. Of the whole tournament, both change nothing.
  TaskIndex task(std::uint64_t position) const;
  std::uint64_t position(TaskIndex task) const { return task / count; }

  bool operator==(const Shard&) const = default;
};

// More of them than this are refused; it keeps the arithmetic far from overflow.
inline constexpr std::uint32_t kMostShards = 1'000'000;

// "3/8"; and back: nothing when the text is no such pair, or no index of 1 to count, or the count
// exceeds kMostShards.
std::string shard_text(const Shard& shard);
std::optional<Shard> shard_from(std::string_view text);

}  // namespace joust
