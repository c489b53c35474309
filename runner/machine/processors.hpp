#pragma once
// How many processors this process may use.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "runner/machine/slurm_job.hpp"

namespace joust::machine {

// The numbers of those that this process may run on (its affinity), ascending; empty if that cannot
// be found out.
std::vector<std::uint32_t> allowed_processors();

struct Processors {
  std::uint32_t allowed = 1;    // that it may run on: its affinity
  std::optional<double> quota;  // processors' worth of time that its control groups grant
  std::uint32_t job = 0;        // that Slurm granted its job; 0: it is in none

  // The least of these; a part of a processor counts as one.
  std::uint32_t usable() const;
};

// `root` is where the files of the control groups are looked for. Never fails.
Processors look_at_processors(const std::filesystem::path& root = "/",
                              const SlurmJob& job = look_at_slurm_job());

}  // namespace joust::machine
