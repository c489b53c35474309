#pragma once
// A man page, in the language of man(7).

#include <string>

#include "runner/manual/description.hpp"

namespace joust::manual {

// The name of a command's page: "joust-run", and "joust" for the program's own.
std::string page_name(const Program& program, const Command& command);

// REQUIRES: `command` is one of `program`, or its own.
std::string man_page(const Program& program, const Command& command);

}  // namespace joust::manual
