#pragma once
// [world] with kind = "command": the program that is the world, and values that joust only passes
// on to it.

#include <string>
#include <vector>

#include "common/command_setup.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

// Makes the setup from the keys' values, and adds to `world` what else decides results: the
// variables and the hashes of the files that the command names. Throws SpecError when there is no
// such folder, program or variable; of a recorded run (files.recorded) the program may be gone.
CommandSetup load_command(const Section& section, const Parameters& workers, InputFiles& files,
                          Resolved& world);

// Any values of a table, as JsonText. Throws SpecError at a date or a time, which JSON has not.
Resolved read_open_parameters(const Section& section, const std::string& prefix);

}  // namespace joust::spec
