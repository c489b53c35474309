// joust-worker: plays the worlds that are part of joust, and programs; with --agent a competitor
// that has a process of its own. Started by joust, never by people.

#include <cstring>

#include "worker/program.hpp"
#include "worker/worlds/agents/host.hpp"

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--agent") == 0) {
    return joust::worker::guarded([] { return joust::worlds::agents::host(); });
  }
  return joust::worker::run_program(argc, argv, joust::builtin_worlds);
}
