// joust: the supervisor. From here: runner/cli (the command line), runner/os/supervisor.cpp (the
// main loop), runner/core/pool.hpp (what decides).

#include "runner/cli/cli.hpp"
#include "runner/os/plugin_examiner.hpp"

int main(int argc, char** argv) {
  joust::WorldRegistry worlds = joust::builtin_worlds();
  worlds.add(joust::plugin_world());
  worlds.set_plugin_examiner(joust::os::make_plugin_examiner());
  return joust::cli::main(argc, argv, worlds);
}
