#pragma once

#include <string>
#include <vector>

#include "common/command_setup.hpp"

namespace joust::worlds::program {

// The environment a program is started with, as "NAME=value": the usual variables, those of
// env_allow, the marks of the run, PYTHONHASHSEED=0 (else sets and dictionaries of texts differ
// between two processes of Python), and over these what the spec says.
std::vector<std::string> program_environment(const CommandSetup& setup);

}  // namespace joust::worlds::program
