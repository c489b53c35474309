#pragma once
// What a plugin declares, checked and in joust's own types.

#include "common/world.hpp"
#include "worker/worlds/plugin/include/joust/plugin.h"

namespace joust::worlds::plugin {

// The world's type; its `make` is null. Throws PluginError (common/plugin_examiner.hpp), naming the
// parameter, the type or the number that cannot be.
WorldType declared_type(const joust_plugin& plugin);

}  // namespace joust::worlds::plugin
