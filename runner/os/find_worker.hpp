#pragma once
// Where the programs are that joust starts.

#include <filesystem>
#include <stdexcept>

namespace joust::os {

// Beside this program (the build tree), or in ../libexec/joust (installed). Throws
// std::runtime_error that names the places looked at.
std::filesystem::path find_worker();

// The same for the worker that can load plugins.
std::filesystem::path find_plugin_worker();

// In the same places; empty when it is not there.
std::filesystem::path find_stacks_program();

}  // namespace joust::os
