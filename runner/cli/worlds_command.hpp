#pragma once
// `joust worlds [NAME]`: the worlds there are, or one of them, which may be a plugin's file, with
// its parameters and competitor types.

#include <iosfwd>
#include <string>

#include "common/world_registry.hpp"

namespace joust::cli {

// An empty `name` lists all worlds. Returns the exit code: 0, or 2 with a message on `err` when
// there is no world of that name, or the
// file, which is one where it has a slash or ends with .so, is no plugin.
int worlds_command(const WorldRegistry& worlds, const std::string& name, bool json,
                   std::ostream& out, std::ostream& err);

}  // namespace joust::cli
