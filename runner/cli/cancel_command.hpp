#pragma once
// `joust cancel DIR`: takes the jobs of a submitted tournament out of Slurm's queue.

#include <filesystem>
#include <string>

namespace joust::cli {

struct CancelArguments {
  std::filesystem::path dir;
  std::string program = "joust";  // as the user calls it
};

// Returns the process's exit code; errors have been told on standard error.
int cancel_command(const CancelArguments& arguments);

}  // namespace joust::cli
