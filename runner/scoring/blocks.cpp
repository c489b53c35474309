#include "runner/scoring/blocks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace joust::scoring {

std::uint32_t group_count(std::uint32_t configs, std::uint32_t competitors) {
  constexpr std::uint64_t kMostGroups = 1024;
  constexpr std::uint64_t kFewestGroups = 32;
  constexpr std::uint64_t kMostCells = 1 << 18;
  const std::uint64_t pairs = std::uint64_t{competitors} * (competitors - 1) / 2;
  const std::uint64_t affordable =
      std::max(kFewestGroups, kMostCells / std::max<std::uint64_t>(pairs, 1));
  return static_cast<std::uint32_t>(std::min({std::uint64_t{configs}, kMostGroups, affordable}));
}

Blocks::Blocks(std::uint32_t configs, std::uint32_t competitors)
    : competitors_(competitors),
      groups_(group_count(configs, competitors)),
      config_used_(configs),
      group_used_(groups_),
      magnitudes_(std::size_t{competitors} * (competitors - 1) / 2) {
  pair_groups_.resize(magnitudes_.size() * groups_);
}

void Blocks::add_world(std::uint32_t config, std::span<const SeatScore> seats) {
  if (seats.empty()) return;
  if (!config_used_[config]) {
    config_used_[config] = true;
    ++blocks_;
  }
  const GroupIndex group = group_of(config);
  group_used_[group] = true;
  for (std::size_t i = 0; i < seats.size(); ++i) {
    for (std::size_t j = i + 1; j < seats.size(); ++j) {
      const bool ordered = seats[i].competitor < seats[j].competitor;
      const SeatScore& a = ordered ? seats[i] : seats[j];
      const SeatScore& b = ordered ? seats[j] : seats[i];
      const std::size_t pair = pair_index(a.competitor, b.competitor);
      PairGroup& cell = pair_groups_[pair * groups_ + group];
      cell.difference += a.score - b.score;
      cell.worlds += 1;
      magnitudes_[pair] += std::fabs(a.score) + std::fabs(b.score);
    }
  }
}

std::vector<GroupIndex> Blocks::used_groups() const {
  std::vector<GroupIndex> used;
  for (std::uint32_t group = 0; group < groups_; ++group) {
    if (group_used_[group]) used.push_back(static_cast<GroupIndex>(group));
  }
  return used;
}

std::size_t Blocks::pair_index(std::uint32_t a, std::uint32_t b) const {
  return std::size_t{a} * (2 * std::size_t{competitors_} - a - 1) / 2 + (b - a - 1);
}

}  // namespace joust::scoring
