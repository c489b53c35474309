#pragma once
// `joust plan SPEC`: how many worlds a tournament has and why, and every key with its value.

#include <iosfwd>

#include "runner/cli/machine_view.hpp"
#include "runner/spec/spec.hpp"

namespace joust::cli {

// Writes the plan as text or as one JSON object, and returns the exit code (0). The spec's warnings
// are part of the JSON; as text they are left to the caller, who owns stderr.
int plan_command(const spec::LoadedSpec& loaded, const MachineView& machine, bool json,
                 std::ostream& out);

}  // namespace joust::cli
