#pragma once
// Who plays a game, and what the things in its tables are called.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/ids.hpp"
#include "worker/worlds/scml/economy.hpp"

namespace joust::worlds::scml {

struct Player {
  std::string name;  // "04Gr@1"
  std::string type;  // of the agent
};

struct Cast {
  TaskIndex task = 0;
  const Economy& economy;
  std::vector<Player> players;  // one per factory
};

// The number of no factory: the outside world, which the reference calls SELLER and BUYER.
inline constexpr int kOutside = -1;

// A number of this day in this world, as a text that is unique in a tournament: "17-3-n5".
inline std::string trace_id(TaskIndex task, int day, char kind, int number) {
  return fmt::format("{}-{}-{}{}", task, day, kind, number);
}

}  // namespace joust::worlds::scml
