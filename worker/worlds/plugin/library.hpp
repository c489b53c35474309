#pragma once
// A plugin's file in memory.

#include <string>

#include "worker/worlds/plugin/include/joust/agents.h"
#include "worker/worlds/plugin/include/joust/plugin.h"

namespace joust::worlds::plugin {

// Loads the library, whose static constructors run, and has its entry function called. It stays
// loaded until the process ends: nobody can know what of it is still in use. Throws PluginError
// (common/plugin_examiner.hpp) when it cannot be loaded, is no plugin, or is one for another
// version. Not thread-safe.
const joust_plugin& load(const std::string& path);

// The same for a library of agents.
const joust_agents& load_agents(const std::string& path);

// Loads the library, too. Whether it is no world, but has agents.
bool has_agents_only(const std::string& path);

}  // namespace joust::worlds::plugin
