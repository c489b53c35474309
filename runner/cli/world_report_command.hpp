#pragma once
// `joust report DIR --world TASK`: one world, from the journal and, where it can explain itself,
// from playing it again in this process.

#include "common/world_registry.hpp"
#include "runner/cli/report_commands.hpp"

namespace joust::cli {

// REQUIRES: arguments.world. Returns the process's exit code. Starts no program of the
// spec: worlds and seats that are played by one are only reported as they are recorded.
int world_report_command(const ReportArguments& arguments, const WorldRegistry& worlds);

}  // namespace joust::cli
