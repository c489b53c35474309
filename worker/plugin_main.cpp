// joust-plugin-worker: joust-worker for worlds in shared libraries, which needs to be linked
// dynamically; and the process in which such a library is looked at. Started by joust, never by
// people.

#include <string_view>

#include "worker/plugin_examination.hpp"
#include "worker/program.hpp"

namespace {

joust::WorldRegistry worlds() {
  joust::WorldRegistry registry = joust::builtin_worlds();
  registry.add(joust::plugin_world());
  return registry;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wish = argc > 1 ? argv[1] : "";
  if (wish == "--describe" && argc == 3) return joust::worker::describe_plugin(argv[2]);
  if (wish == "--check" && argc == 2) return joust::worker::check_plugin();
  return joust::worker::run_program(argc, argv, worlds);
}
