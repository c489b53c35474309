#pragma once
// The scores in the output of a program that knows nothing of joust.

#include <string_view>

#include "common/world.hpp"

namespace joust::worlds::command {

// Reads the scores as setup.command.scores says: see README.md. Throws WorldFailure (world_error)
// that names what was looked for and what was found.
WorldResult extract_scores(std::string_view output, const WorldSetup& setup, const WorldTask& task);

// Throws SetupError when score_regex is no regular expression (ECMAScript) with one group.
void check_score_regex(const CommandSetup& setup);

}  // namespace joust::worlds::command
