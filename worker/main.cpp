// joust-worker: plays the worlds that are part of joust, and programs. Started by joust, never by
// people.

#include "worker/program.hpp"

int main(int argc, char** argv) {
  return joust::worker::run_program(argc, argv, joust::builtin_worlds);
}
