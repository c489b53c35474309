#pragma once
// What joust's worker programs have in common.

#include <functional>

#include "common/world_registry.hpp"

namespace joust::worker {

// Runs the program, which returns its exit code. An exception is told, and is exit code 1.
int guarded(const std::function<int()>& program);

// The main function of a program that plays `worlds`: serves the channel that joust has put on
// fixed descriptors, or with --guard is the guard of a run, or says its --version. Returns the exit
// code.
int run_program(int argc, char** argv, WorldRegistry (*worlds)());

}  // namespace joust::worker
