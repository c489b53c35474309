#pragma once
// The types of agents that can play a factory: competitors choose among them, and some fill the
// seats without a competitor.

#include <functional>
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
  std::uint32_t seat = 0;  // who is charged with what it does wrong
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
  std::string abbreviation = {};  // in agent names
  bool is_default = false;  // fills seats without a competitor, in the game that it was made for
  // REQUIRES: parameters with all the declared ones, which outlive the agent. Throws SetupError
  // where they do not fit together.
  std::function<std::unique_ptr<Agent>(const Parameters& parameters, const AgentSetting& setting)>
      make;
};

// Those that can play a game. The agents of OneShot can play Standard games too, where they trade
// for the same day only.
std::vector<AgentType> agent_types(Game game);

// The abbreviation of a type of a shared library.
inline std::string abbreviated(const std::string& type) { return type.substr(0, 2); }

// The types that a shared library has. Throws PluginError (common/plugin_examiner.hpp).
using LoadAgentTypes = std::vector<AgentType> (*)(const std::string& library);

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
