#pragma once
// The native worlds, one folder each. builtin_worlds() registers them all.

#include "common/world.hpp"

namespace joust::worlds {

WorldType scml_oneshot_world();       // the SCML OneShot game with its built-in agents
WorldType scml_standard_world();      // the SCML Standard game with its built-in agents
WorldType prisoners_dilemma_world();  // the small example: two players, ten strategies
WorldType command_world();            // any program, through two pipes or for each world anew
WorldType chaos_world();              // misbehaves on command: what the promises are tested with
WorldType noop_world();  // does nothing, or a given amount of work: for benchmarks and tests

}  // namespace joust::worlds
