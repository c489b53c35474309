#include "worker/worlds/program/program_environment.hpp"

#include "common/environment.hpp"

namespace joust::worlds::program {

std::vector<std::string> program_environment(const CommandSetup& setup) {
  std::vector<std::string> environment = inherited_environment(setup.env_allow);
  set_variable(environment, "PYTHONHASHSEED", "0");
  for (const std::string& entry : setup.environment) {
    const std::size_t equals = entry.find('=');
    set_variable(environment, entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

}  // namespace joust::worlds::program
