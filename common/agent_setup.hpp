#pragma once
// How a competitor of a native world plays in a process of its own: what [[competitor]] says beside
// its type. worker/worlds/agents/README.md has the protocol.

#include "common/command_setup.hpp"

namespace joust {

struct AgentSetup {
  // What becomes of a world in which the agent crashes, hangs, throws or breaks a rule.
  enum class OnFailure {
    forfeit,     // it is played to its end without the agent, which gets the worst score
    void_world,  // the attempt fails, charged to the agent
  };

  bool isolated = false;  // else it plays within the worker, and the rest has no meaning
  // Without a command, joust's own program plays the competitor's type. Only the parts that every
  // program has are used, not those that are about worlds.
  CommandSetup program = {};
  Duration move_deadline = std::chrono::seconds(2);  // of each answer
  Duration time_budget = Duration::max();  // of all of them in a world, and of starting for it
  OnFailure on_failure = OnFailure::forfeit;
  bool operator==(const AgentSetup&) const = default;

  bool is_own_program() const { return isolated && !program.command.empty(); }
};

}  // namespace joust
