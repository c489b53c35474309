#pragma once
// A program that a spec names, for its worlds or for one competitor: the keys `command`, `cwd` and
// `env`, and the files that the command names, whose content decides results. `prefix` is that of
// the resolved keys ("world.", "competitor.Ann."), and of the names under inputs/ in a run
// directory, where the folder and the hashes of a recorded run are.

#include <filesystem>
#include <string>
#include <vector>

#include "common/command_setup.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

// The command, the folder and the variables. REQUIRES: `command` and `cwd` are among the values of
// `into`, which gets the key of `env`. Throws SpecError.
CommandSetup place_program(const Section& section, const std::string& prefix,
                           const InputFiles& files, Resolved& into);

// Adds the key of the files' hashes. Throws SpecError when there is no such program; of a recorded
// run (files.recorded) it may be gone.
void record_program(const Section& section, const std::string& prefix, const CommandSetup& setup,
                    InputFiles& files, Resolved& into);

// The paths of the files that the command names and that are not what was recorded under `inputs`.
std::vector<std::string> changed_program(const CommandSetup& setup, const std::string& prefix,
                                         const std::filesystem::path& inputs);

}  // namespace joust::spec
