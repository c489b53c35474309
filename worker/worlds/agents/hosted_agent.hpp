#pragma once
// A built-in agent, or one of a library, as it is played in a process of joust's own: the other
// side of the protocol in README.md.

#include <string>
#include <string_view>

namespace joust::worlds::agents {

class HostedAgent {
 public:
  virtual ~HostedAgent() = default;

  // What to answer to a message with a number: members of the answer, each after a comma. A
  // CompetitorFault or a SetupError becomes the answer `error`; any other exception ends the
  // process, which is what its world then knows of it.
  virtual std::string answer(std::string_view type, std::string_view message) = 0;
};

}  // namespace joust::worlds::agents
