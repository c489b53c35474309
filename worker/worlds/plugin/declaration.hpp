#pragma once
// What a plugin declares, checked and in joust's own types.

#include <vector>

#include "common/world.hpp"
#include "worker/worlds/plugin/include/joust/agents.h"
#include "worker/worlds/plugin/include/joust/plugin.h"

namespace joust::worlds::plugin {

// The world's type; its `make` is null. Throws PluginError (common/plugin_examiner.hpp), naming the
// parameter, the type or the number that cannot be.
WorldType declared_type(const joust_plugin& plugin);

// The types of agents of a library, each as `declared` and with what makes one. The same errors.
struct DeclaredAgent {
  CompetitorType declared;
  const joust_agent_type* functions = nullptr;
};
std::vector<DeclaredAgent> declared_agents(const joust_agents& library);

}  // namespace joust::worlds::plugin
