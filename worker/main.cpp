// joust-worker: plays the worlds that are part of joust, and programs; with --agent a competitor
// that has a process of its own. Started by joust, never by people.

#include <cstdio>
#include <cstring>
#include <exception>

#include "worker/program.hpp"
#include "worker/worlds/agents/host.hpp"

namespace {

int play_agent() {
  try {
    return joust::worlds::agents::host();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "joust-worker: %s\n", error.what());
    return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--agent") == 0) return play_agent();
  return joust::worker::run_program(argc, argv, joust::builtin_worlds);
}
