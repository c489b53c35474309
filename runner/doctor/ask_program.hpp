#pragma once
// Starts a program that answers at once, and listens to what it prints.

#include <filesystem>
#include <string>
#include <vector>

#include "common/time.hpp"
#include "runner/os/worker_process.hpp"

namespace joust::doctor {

struct Answer {
  bool is_good = false;  // it ended by itself with exit code 0
  std::string output;    // the beginning of what it printed on standard output
  std::string trouble;   // what went wrong; empty when it is good
};

// Kills the program when it has not ended within `limit`. It gets the environment that worlds get.
// Never fails. REQUIRES: the caller is the main thread.
Answer ask_program(os::Spawner& spawner, const std::filesystem::path& program,
                   const std::vector<std::string>& arguments, Duration limit);

}  // namespace joust::doctor
