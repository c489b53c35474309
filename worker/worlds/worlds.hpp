#pragma once
// The native worlds, one folder each. builtin_worlds() registers them all.

#include "common/world.hpp"

namespace joust::worlds {

WorldType noop_world();  // does nothing, or a given amount of work: for benchmarks and tests
WorldType prisoners_dilemma_world();  // the small example: two players, ten strategies
WorldType scml_oneshot_world();        // the SCML OneShot game with its built-in agents

}  // namespace joust::worlds
