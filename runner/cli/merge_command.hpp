#pragma once
// `joust merge`: several runs of one tournament become one.

#include <filesystem>
#include <vector>

#include "runner/cli/play_commands.hpp"

namespace joust::cli {

struct MergeArguments {
  std::vector<std::filesystem::path> dirs;
  std::filesystem::path out;
  PlayOptions show;  // what of it is about showing results and the journal's scratch
};

// Returns the process's exit code; errors have been told on standard error.
int merge_command(const MergeArguments& arguments, const WorldRegistry& worlds);

}  // namespace joust::cli
