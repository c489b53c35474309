#pragma once
// A player of the prisoner's dilemma in a process of its own, from both sides: what the world sees
// of it, and what plays a built-in strategy there. worker/worlds/agents/README.md has the messages.

#include <memory>
#include <string>
#include <string_view>

#include "worker/worlds/agents/agent_session.hpp"
#include "worker/worlds/agents/hosted_agent.hpp"
#include "worker/worlds/prisoners_dilemma/strategies.hpp"

namespace joust::worlds::prisoners_dilemma {

class RemotePlayer {
 public:
  // As AgentSession.
  RemotePlayer(agents::AgentPool& pool, const agents::AgentSession::Place& place)
      : session_(pool, place, {}) {}

  // Its move; once it has failed it cooperates.
  Move choose(const View& view);

  bool has_failed() const { return session_.has_failed(); }
  const std::string& failure() const { return session_.failure(); }

 private:
  agents::AgentSession session_;
};

// The strategy of that name, as an agent in a process of its own. REQUIRES: there is one.
std::unique_ptr<agents::HostedAgent> make_hosted_player(std::string_view strategy);

}  // namespace joust::worlds::prisoners_dilemma
