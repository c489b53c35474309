#pragma once
// [world] with kind = "plugin": the shared library that is the world.

#include <string>

#include "common/world_registry.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

struct Plugin {
  std::string library;  // absolute
  WorldType type;
};

// Finds the library of `plugin` and what it declares, and adds to `world` what of that decides
// results: its name and the hash of the file. Throws SpecError. Of a recorded run (files.recorded)
// all of it is as it was then, and the library is not looked at.
Plugin load_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                   InputFiles& files, Resolved& world);

// Lets the plugin make a world of the tournament. Throws SpecError.
void check_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                  const Tournament& tournament);

}  // namespace joust::spec
