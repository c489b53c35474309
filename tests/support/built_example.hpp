#pragma once
// Plugins that are built outside of joust's tree, with what an installed joust has for that.

#include <filesystem>
#include <string>
#include <vector>

namespace joust::test {

// Fails the test when cmake does.
void run_cmake(const std::vector<std::string>& arguments);

// Configures and builds EXAMPLE in EXAMPLE/build; find_package(joust) looks below `prefix` first.
void build_example(const std::filesystem::path& example, const std::filesystem::path& prefix);

}  // namespace joust::test
