#pragma once
// ${task} and its like in the command line and the environment of a one-shot program.

#include <map>
#include <string>
#include <string_view>

#include "common/world.hpp"

namespace joust::worlds::command {

using Placeholders = std::map<std::string, std::string, std::less<>>;

// The values of one world: task, attempt, seed, config_seed, config, set, rotation, run, and for
// each seat N nameN and typeN.
Placeholders placeholders_of(const WorldSetup& setup, const WorldTask& task, AttemptNumber attempt);

// The text with every ${name} replaced, and "$${" by "${". Throws SetupError, with the names there
// are, at one that there is not or that does not end.
std::string replace_placeholders(std::string_view text, const Placeholders& values);

}  // namespace joust::worlds::command
