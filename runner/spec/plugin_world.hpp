#pragma once
// [world] with kind = "plugin": the shared library that is the world. Its code runs in other
// processes only (common/plugin_examiner.hpp).

#include <filesystem>
#include <string>

#include "common/world_registry.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

struct Plugin {
  std::string library;      // absolute
  std::string description;  // for decode_world_type()
  WorldType type;
};

// What the library declares. Throws PluginError.
Plugin describe_plugin(const std::filesystem::path& library, const WorldRegistry& worlds,
                       const PluginExaminer::Allowance& allowance);

// What the process that looks at it is given, as [workers] says.
PluginExaminer::Allowance allowance_of(const Parameters& workers);

// Finds the library of `plugin` and what it declares, and adds to `world` what of that decides
// results: its name and the hash of the file. Throws SpecError. Of a recorded run (files.recorded)
// all of it is as it was then, and the library is not looked at.
Plugin load_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                   InputFiles& files, Resolved& world);

// Lets the plugin make a world of the tournament. Throws SpecError.
void check_plugin(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                  const Tournament& tournament);

}  // namespace joust::spec
