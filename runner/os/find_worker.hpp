#pragma once
// Where the worker program is.

#include <filesystem>
#include <stdexcept>

namespace joust::os {

// Beside this program (the build tree), or in ../libexec/joust (installed). Throws
// std::runtime_error that names the places looked at.
std::filesystem::path find_worker();

}  // namespace joust::os
