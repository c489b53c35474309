#pragma once
// Where the other programs of joust are, seen from the one that runs.

#include <array>
#include <filesystem>

namespace joust {

// Where it is looked for: beside this program (the build tree, and one helper beside another), and
// in ../libexec/joust (installed).
std::array<std::filesystem::path, 2> places_of_program(const char* name);

// The first of these places where there is such a program; empty: none.
std::filesystem::path find_own_program(const char* name);

}  // namespace joust
