#pragma once
// `joust export`: all tables of a run, with the files that `negmas tournament eval` reads.

#include <filesystem>
#include <string>

#include "common/world_registry.hpp"

namespace joust::cli {

struct ExportArguments {
  std::filesystem::path dir;
  std::string program = "joust";  // as the user calls it
  std::filesystem::path out;      // empty: the run's own tables, which takes the lock of DIR
  bool reproducible = false;      // no times and no absolute paths: the same bytes every time
};

// Returns the process's exit code; errors have been told on standard error.
int export_command(const ExportArguments& arguments, const WorldRegistry& worlds);

}  // namespace joust::cli
