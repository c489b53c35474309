#pragma once
// What a kind of world, or a library of agents, declares, as text: a plugin tells it from one
// process to another, and a run directory keeps it, so that a run can be looked at when its plugin
// is gone.

#include <string>
#include <string_view>
#include <vector>

#include "common/world.hpp"

namespace joust {

// All of the type but `make` and `is_open`, as one line of JSON. Throws std::runtime_error when a
// text is not UTF-8. REQUIRES: finite numbers.
std::string encode_world_type(const WorldType& type);

// Throws std::runtime_error when the text is not such a line. `make` is null.
WorldType decode_world_type(std::string_view text);

// The same for types of agents.
std::string encode_agent_types(const std::vector<CompetitorType>& types);
std::vector<CompetitorType> decode_agent_types(std::string_view text);

// Whether encode_agent_types() made the text.
bool describes_agents(std::string_view text);

}  // namespace joust
