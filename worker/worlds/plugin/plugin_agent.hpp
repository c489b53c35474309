#pragma once
// Agents of shared libraries, as the SCML worlds know agents.

#include <string>
#include <vector>

#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::plugin {

// The types that the library declares, which is loaded and stays so. Their agents throw a
// CompetitorFault for the seat of their setting when the library says that they have failed;
// REQUIRES: the parameters outlive the agent. Throws PluginError (common/plugin_examiner.hpp).
std::vector<scml::AgentType> agent_types_in(const std::string& library);

}  // namespace joust::worlds::plugin
