#pragma once
// The command line of joust.

#include "common/world_registry.hpp"

namespace joust::cli {

// Parses and carries out a command line; returns the process's exit code (exit_code.hpp).
int main(int argc, char** argv, const WorldRegistry& worlds);

}  // namespace joust::cli
