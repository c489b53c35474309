#pragma once
// [world] of a spec, whatever kind of world it names.

#include <string>

#include "common/world_registry.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

struct WorldPart {
  WorldType type;
  std::string plugin;  // the library that is the world, absolute; of other kinds empty
  Resolved own;        // [world] itself
  Resolved parameters;
};

// `workers`: the values of [workers], for plugins. Throws SpecError.
WorldPart load_world(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                     InputFiles& files);

// Lets the world look at its setup as a whole, but for competitors of shared libraries. Throws
// SpecError. `is_recorded`: this was done when the run began, and a plugin need no longer be there.
void check_setup(const Section& section, const WorldPart& world, const Parameters& workers,
                 const WorldRegistry& worlds, const Tournament& tournament, bool is_recorded);

}  // namespace joust::spec
