#pragma once
// Which environment variables the processes of a run inherit: few, so that no secret of the shell
// that started joust reaches a world.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace joust {

// Whether a variable is inherited without being asked for: PATH, HOME, LANG and the like, LC_*,
// JOUST_*, those that libraries take a number of threads from, and the options of sanitizers.
bool is_usual_variable(std::string_view name);

// This process's environment as "NAME=value": what is usual and what `allowed` names. Not while
// another thread changes the environment.
std::vector<std::string> inherited_environment(const std::vector<std::string>& allowed);

// Adds "NAME=value", or replaces what `environment` has of that name.
void set_variable(std::vector<std::string>& environment, std::string_view name,
                  std::string_view value);

// Tells libraries of this process and of its children how many threads to start (OpenMP, OpenBLAS,
// MKL, numexpr), which by themselves start one for each processor. Variables that are set stay.
// REQUIRES: the process has no other thread yet.
void limit_library_threads(std::uint32_t threads);

}  // namespace joust
