#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::scml {

std::vector<AgentType> agent_types(Game game) {
  const bool is_standard = game == Game::standard;
  std::vector<AgentType> all;
  const auto add = [&all](std::vector<AgentType> family, bool may_fill) {
    for (AgentType& type : family) {
      type.is_default = type.is_default && may_fill;
      all.push_back(std::move(type));
    }
  };
  if (is_standard) {
    add(greedy_std_agent_types(), true);
    add(sync_random_std_agent_types(), true);
  }
  add(random_agent_types(game), true);
  for (auto* family :
       {needs_agent_types, greedy_agent_types, greedy_sync_agent_types, aspiration_agent_types}) {
    add(family(), !is_standard);
  }
  return all;
}

ParameterInfo agent_real(std::string name, double value, std::string summary, double low,
                         double high) {
  return {std::move(name), ParameterKind::real, value, "", std::move(summary), low, high, {}};
}

ParameterInfo agent_reals(std::string name, RealRange value, std::string summary, double low,
                          double high) {
  return {std::move(name), ParameterKind::real_range, value, "", std::move(summary), low, high, {}};
}

}  // namespace joust::worlds::scml
