#pragma once
// Ten classic strategies of the iterated prisoner's dilemma.

#include <cstdint>
#include <span>
#include <string_view>

#include "common/random.hpp"

namespace joust::worlds::prisoners_dilemma {

enum class Move : std::uint8_t { cooperate, defect };

// What a player knows when it chooses: the moves that were made, after noise.
struct View {
  std::span<const Move> mine;
  std::span<const Move> theirs;  // as long as `mine`
  std::size_t their_defections = 0;
};

struct Strategy {
  std::string_view name;
  std::string_view summary;  // one line, for people, with its source
  Move (*choose)(const View& view, Rng& rng);
};

// In alphabetical order.
std::span<const Strategy> strategies();

// REQUIRES: one of strategies() has that name.
const Strategy& find_strategy(std::string_view name);

}  // namespace joust::worlds::prisoners_dilemma
