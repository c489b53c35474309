#pragma once
// Games of the reference implementation, and the same games played here: what came out of them, as
// samples to compare. tests/data/scml_reference/README.md says where the reference's come from.

#include <map>
#include <string>
#include <vector>

#include "worker/worlds/scml/economy.hpp"
#include "worker/worlds/scml/rules.hpp"

namespace joust::test {

// The outcomes of one game by name: "score 03 GreedyStdAgent", "score of GreedyStdAgent" (the mean
// of its factories), "price 1" (the mean trading price over the days), "sold 1" (units of all
// days).
using Outcomes = std::map<std::string, double>;

// One economy, and the reference's games in it.
struct ReferenceEconomy {
  std::string name;  // "oneshot 0"
  worlds::scml::Economy economy;
  std::vector<Outcomes> runs;  // each in a process of its own
  // Games that one process played one after the other, so that all have the same order of the
  // agents' names in its sets: how many (0: there are none), the means of scores and prices, and
  // the quantities of the first.
  int process_runs = 0;
  Outcomes process_means;
  Outcomes process_first;
};

// Those of one game.
std::vector<ReferenceEconomy> reference_economies(worlds::scml::Game game);

// Plays an economy once. Games with the same `ranks` break ties alike, as those of one process of
// the reference do.
Outcomes play_once(const worlds::scml::Rules& rules, const worlds::scml::Economy& economy,
                   std::uint64_t seed, std::uint64_t ranks);

}  // namespace joust::test
