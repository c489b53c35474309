// joust: the supervisor. From here: runner/cli (the command line), runner/os/supervisor.cpp (the
// main loop), runner/core/pool.hpp (what decides).

#include "runner/cli/cli.hpp"

int main(int argc, char** argv) { return joust::cli::main(argc, argv, joust::builtin_worlds()); }
