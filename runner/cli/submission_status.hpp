#pragma once
// `joust status DIR` where DIR is the folder of a submitted tournament.

#include "runner/cli/report_commands.hpp"

namespace joust::cli {

// Returns the process's exit code; errors have been told on standard error.
int submission_status_command(const StatusArguments& arguments);

}  // namespace joust::cli
