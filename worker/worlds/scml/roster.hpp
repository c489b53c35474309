#pragma once
// Who plays the worlds of a tournament: its competitors, the types that fill the other factories,
// and the agents that are made of them for each world.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/world.hpp"
#include "worker/worlds/agents/agent_pool.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/economy.hpp"
#include "worker/worlds/scml/remote_agent.hpp"
#include "worker/worlds/scml/rules.hpp"
#include "worker/worlds/scml/trace/cast.hpp"

namespace joust::worlds::scml {

// Those who play one world.
struct Seated {
  std::vector<std::unique_ptr<Agent>> agents;  // of each factory
  std::vector<const RemoteAgent*> remote;      // of each seat; null: it plays in this process
};

class Roster {
 public:
  // Makes an agent of each competitor once: what its type refuses is then refused, as SetupError,
  // before any world is played. REQUIRES: rules outlive the roster. `file_parameter`
  // holds the contents of a file, which agents in other processes are not told.
  Roster(Game game, const WorldSetup& setup, const Rules& rules, LoadAgentTypes load,
         const char* file_parameter);

  std::vector<std::string> default_types() const;
  std::set<std::string> all_types() const;

  // Makes the agents of a world. Throws CompetitorFault where one cannot be made any more.
  Seated seat(const Economy& economy, const WorldTask& task, WorldContext& context);

  // "04Gr@1": the agent of a factory, in tables.
  std::string name_of(std::size_t factory, const Economy& economy, const WorldTask& task) const;
  // Who plays which factory. REQUIRES: the economy outlives it.
  Cast cast_of(const Economy& economy, const WorldTask& task) const;

 private:
  void check(const Competitor& competitor, const AgentType& type) const;
  AgentType type_of(const Competitor& competitor, LoadAgentTypes load) const;
  std::size_t type_index(const std::string& name) const;
  std::unique_ptr<Agent> seat_competitor(int seat, const WorldTask& task,
                                         const AgentSetting& setting,
                                         const RemoteAgent::OnAnswer& on_answer,
                                         std::vector<const RemoteAgent*>& remote);
  std::unique_ptr<Agent> make_agent(std::uint32_t competitor, const AgentSetting& setting) const;
  std::vector<int> partner_rank(const Economy& economy, std::uint64_t seed) const;

  std::string world_;
  std::vector<Competitor> competitors_;
  const Rules& rules_;
  agents::AgentPool remote_;
  std::vector<AgentType> types_;               // of the game
  std::vector<AgentType> own_types_;           // of each competitor
  std::vector<Parameters> filler_parameters_;  // per type
};

}  // namespace joust::worlds::scml
