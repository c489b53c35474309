// joust-plugin-worker: joust-worker for worlds and agents in shared libraries, which needs to be
// linked dynamically; with --agent LIBRARY a competitor of such a library that has a process of its
// own; and the process in which a library is looked at. Started by joust, never by people.

#include <string_view>

#include "worker/plugin_examination.hpp"
#include "worker/program.hpp"
#include "worker/worlds/agents/host.hpp"
#include "worker/worlds/plugin/plugin_agent.hpp"

namespace {

joust::WorldRegistry worlds() {
  joust::WorldRegistry registry = joust::builtin_worlds();
  registry.add(joust::plugin_world());
  return registry;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wish = argc > 1 ? argv[1] : "";
  if (wish == "--describe" && argc == 4) return joust::worker::describe_plugin(argv[2], argv[3]);
  if (wish == "--check" && argc == 2) return joust::worker::check_plugin();
  if (wish == "--agent" && argc == 3) {
    return joust::worker::guarded([argv] {
      return joust::worlds::agents::host(argv[2], joust::worlds::plugin::agent_types_in);
    });
  }
  return joust::worker::run_program(argc, argv, worlds);
}
