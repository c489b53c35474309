#pragma once
// Draws the economy of a configuration: which factories there are, what they cost, what the outside
// world trades with them, and the catalog prices and balances that follow.

#include <cstdint>
#include <string>
#include <vector>

#include "worker/worlds/scml/economy.hpp"
#include "worker/worlds/scml/rules.hpp"

namespace joust::worlds::scml {

// Same arguments, same economy. `default_types` are the agents that factories without a competitor
// draw from; `seats` is the number of open seats, which are numbered in the order of the factories.
Economy generate_economy(const Rules& rules, int seats,
                         const std::vector<std::string>& default_types, std::uint64_t config_seed);

}  // namespace joust::worlds::scml
