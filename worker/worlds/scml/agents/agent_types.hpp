#pragma once
// The types of agents that can play a factory: competitors choose among them, and some fill the
// seats without a competitor.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/random.hpp"
#include "common/world.hpp"
#include "worker/worlds/scml/agent.hpp"
#include "worker/worlds/scml/rules.hpp"

namespace joust::worlds::scml {

// What an agent is born with.
struct AgentSetting {
  std::uint64_t seed = 0;  // of its own stream of random numbers
  int factories = 0;       // of the world: partners are numbered below it
  int lines = 0;
  int rounds = 0;
  int days = 0;
  bool reference_quirks = true;
  // A rank per factory, in which synchronous agents prefer one of several equally good sets of
  // partners; empty: no preference.
  std::vector<int> partner_rank;
};

struct AgentType {
  CompetitorType declared;
  std::string abbreviation;  // in agent names
  bool is_default = false;   // fills seats without a competitor, in the game that it was made for
  // REQUIRES: parameters with all the declared ones. Throws SetupError where they do not fit
  // together.
  std::unique_ptr<Agent> (*make)(const Parameters& parameters,
                                 const AgentSetting& setting) = nullptr;
};

// Those that can play a game. The agents of OneShot can play Standard games too, where they trade
// for the same day only.
std::vector<AgentType> agent_types(Game game);

// Each family of agents lists its types.
std::vector<AgentType> random_agent_types(Game game);
std::vector<AgentType> needs_agent_types();
std::vector<AgentType> greedy_agent_types();
std::vector<AgentType> greedy_sync_agent_types();
std::vector<AgentType> aspiration_agent_types();
std::vector<AgentType> greedy_std_agent_types();
std::vector<AgentType> sync_random_std_agent_types();

// A declared parameter that is a number, or a range that each agent draws from.
ParameterInfo agent_real(std::string name, double value, std::string summary, double low,
                         double high);
ParameterInfo agent_reals(std::string name, RealRange value, std::string summary, double low,
                          double high);

}  // namespace joust::worlds::scml
