#pragma once
// The processes of a worker that play competitors. Not thread-safe.

#include <memory>
#include <vector>

#include "worker/worlds/agents/agent_process.hpp"

namespace joust::worlds::agents {

class AgentPool {
 public:
  // The setup must outlive the pool. World parameters called `secret` are not passed on: files,
  // which say more than an agent may know.
  explicit AgentPool(const WorldSetup& setup, std::string_view secret = {});
  AgentPool(const AgentPool&) = delete;
  AgentPool& operator=(const AgentPool&) = delete;
  // Asks all to end, and waits a moment for them.
  ~AgentPool();

  const Competitor& competitor(std::uint32_t index) const { return setup_.competitors.at(index); }

  // One that has played before and waits for a world, or null.
  std::unique_ptr<AgentProcess> take(std::uint32_t competitor);

  // A new one, `left` of its time for a world at most. Throws as AgentProcess does.
  std::unique_ptr<AgentProcess> start(std::uint32_t competitor, Duration left);

  // Keeps one whose world is over. When there are too many, those go that waited longest.
  void keep(std::uint32_t competitor, std::unique_ptr<AgentProcess> process);

 private:
  struct Waiting {
    std::uint32_t competitor;
    std::unique_ptr<AgentProcess> process;
  };

  const WorldSetup& setup_;
  std::string parameters_;
  std::vector<Waiting> waiting_;  // the one that waits longest first
};

}  // namespace joust::worlds::agents
