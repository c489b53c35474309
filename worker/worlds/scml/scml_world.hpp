#pragma once
// What the worlds `scml-oneshot` and `scml-std` are beside their registered types.

#include <memory>

#include "common/world.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::scml {

// The world that the setup names, whose competitors may be of types that shared libraries have.
// Throws as WorldType::make and `load` do.
std::unique_ptr<World> make_world(const WorldSetup& setup, LoadAgentTypes load);

}  // namespace joust::worlds::scml
