#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::scml {

std::vector<AgentType> oneshot_agent_types() {
  std::vector<AgentType> all;
  for (auto* family : {random_agent_types, needs_agent_types, greedy_agent_types,
                       greedy_sync_agent_types, aspiration_agent_types}) {
    for (AgentType& type : family()) all.push_back(std::move(type));
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
