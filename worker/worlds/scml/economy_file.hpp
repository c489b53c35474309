#pragma once
// Economies given as JSON instead of drawn; README.md describes the format.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/parameters.hpp"
#include "worker/worlds/scml/economy.hpp"

namespace joust::worlds::scml {

// The first `seats` factories that are not default agents are the open seats. Throws SetupError,
// naming the economy, the field and the value, where the text does not describe economies with an
// allowed number of levels whose fillers have one of the `types`.
std::vector<Economy> read_economies(std::string_view json, const IntegerRange& levels, int seats,
                                    const std::set<std::string>& types);

}  // namespace joust::worlds::scml
