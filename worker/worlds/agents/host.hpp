#pragma once
// The program that plays built-in agents: `joust-worker --agent`.

namespace joust::worlds::agents {

// Speaks the protocol of README.md on descriptors 3 and 4 until it is told to end. Returns the exit
// code. Throws when what it reads is not of this build of joust.
int host();

}  // namespace joust::worlds::agents
