#pragma once
// What a game counted, by the names that negmas gives these numbers.
//
// As there, a number of the world is the sum over all agents: a negotiation or a contract counts
// once for each of its two parties, and the outside world is a party of its contracts too; only
// requests and initiated negotiations count once. Contracts bind as soon as they are concluded and
// are always executed, so what can go wrong with a contract elsewhere is 0 here. README.md in this
// folder has the list.

#include <vector>

#include "common/world.hpp"
#include "worker/worlds/scml/economy.hpp"
#include "worker/worlds/scml/simulation.hpp"

namespace joust::worlds::scml {

std::vector<Counter> game_counters(const Economy& economy, const Simulation& game);

// Of one factory.
std::vector<Counter> factory_counters(const Simulation& game, std::size_t factory);

}  // namespace joust::worlds::scml
