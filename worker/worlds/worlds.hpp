#pragma once
// The native worlds, one folder each. builtin_worlds() registers them all.

#include "common/world.hpp"

namespace joust::worlds {

WorldType chaos_world();  // misbehaves on command: what the promises are tested with
WorldType noop_world();   // does nothing, or a given amount of work: for benchmarks and tests

}  // namespace joust::worlds
