#pragma once
// `joust report` and `joust status`: read-only views of a run directory, also while it is worked
// on.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/world_registry.hpp"

namespace joust::cli {

struct ReportArguments {
  std::filesystem::path dir;
  std::string program = "joust";     // as the user calls it
  std::string format = "text";       // one of report_formats()
  std::filesystem::path output;      // empty: standard output
  std::optional<std::string> world;  // a task or a run id; nothing: all of them
};

struct StatusArguments {
  std::filesystem::path dir;
  std::string program = "joust";  // as the user calls it
  bool watch = false;             // once a second, until the run has ended
  bool json = false;
};

// What `joust report --format` can be.
const std::vector<std::string>& report_formats();

// Both return the process's exit code.
int report_command(const ReportArguments& arguments, const WorldRegistry& worlds);
int status_command(const StatusArguments& arguments);

}  // namespace joust::cli
