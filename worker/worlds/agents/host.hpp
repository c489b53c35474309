#pragma once
// The program that plays agents of joust's own types, `joust-worker --agent`, and those of shared
// libraries, `joust-plugin-worker --agent LIBRARY`.

#include <string>

#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::agents {

// Speaks the protocol of README.md on descriptors 3 and 4 until it is told to end. Returns the exit
// code. Throws when what it reads is not of this build of joust.
int host();

// The same for types that `load` finds in a library.
int host(const std::string& library, scml::LoadAgentTypes load);

}  // namespace joust::worlds::agents
