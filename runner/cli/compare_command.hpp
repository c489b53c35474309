#pragma once
// `joust compare DIR DIR...`: two or more runs side by side; read-only.

#include <filesystem>
#include <iosfwd>
#include <vector>

#include "common/world_registry.hpp"

namespace joust::cli {

struct CompareArguments {
  std::vector<std::filesystem::path> dirs;  // two or more
  bool json = false;
  bool exit_code = false;  // tell by the exit code whether they differ
};

// Returns the process's exit code: 0 when the runs were compared (with exit_code: only when all of
// them have the same spec and results, and 3 otherwise), 2 when one of them can not be read.
int compare_command(const CompareArguments& arguments, const WorldRegistry& worlds,
                    std::ostream& out);

}  // namespace joust::cli
