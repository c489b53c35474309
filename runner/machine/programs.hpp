#pragma once
// Where programs are.

#include <filesystem>
#include <string>

namespace joust::machine {

// A file that this user may execute.
bool is_program(const std::filesystem::path& file);

// The first program of that name in the folders of `path`, which is written as in PATH; empty:
// there is none.
std::filesystem::path find_in_path(const std::string& program, const std::string& path);

// The same in this process's PATH.
std::filesystem::path find_in_path(const std::string& program);

}  // namespace joust::machine
