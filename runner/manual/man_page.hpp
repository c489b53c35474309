#pragma once
// A man page, in the language of man(7).

#include <string>

#include "runner/manual/description.hpp"

namespace joust::manual {

// The name of a command's page: "joust-run", and "joust" for the program's own.
std::string page_name(const Command& command);

// REQUIRES: `command` is `program` or below it.
std::string man_page(const Command& program, const Command& command);

}  // namespace joust::manual
