#pragma once
// All that 'joust doctor' looks at, in the order in which it is told.

#include <filesystem>
#include <functional>

#include "runner/doctor/finding.hpp"
#include "runner/os/worker_process.hpp"

namespace joust::doctor {

// What the checks are about.
struct Subject {
  os::Spawner& spawner;
  std::filesystem::path root;           // where /proc and /sys are looked for
  std::filesystem::path run_directory;  // it need not exist
  std::uint32_t workers = 1;            // that a run would have
};

// Takes a few tenths of a second, or as long as a file system or a program does not answer: a
// program is waited for ten seconds. REQUIRES: the main thread of a process that has no other.
Findings examine(const Subject& subject);

// No finding is a problem.
bool would_work(const Findings& findings);

}  // namespace joust::doctor
