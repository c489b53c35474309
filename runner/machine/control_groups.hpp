#pragma once
// Which control groups this process is in, and where their files are.

#include <filesystem>
#include <string_view>
#include <vector>

namespace joust::machine {

// The folders of the group that this process is in and of those around it, innermost first, as far
// as they are visible here. `controller`: of version 1, such as "memory"; empty: version 2. `root`
// is where /proc and the mount points are looked for. Never fails: nothing where there is nothing.
std::vector<std::filesystem::path> own_groups(std::string_view controller,
                                              const std::filesystem::path& root = "/");

}  // namespace joust::machine
