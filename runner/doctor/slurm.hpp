#pragma once
// Whether tournaments can be given to Slurm from here, and whether this is one of its jobs.

#include <filesystem>
#include <functional>
#include <string>

#include "runner/doctor/finding.hpp"

namespace joust::doctor {

struct Slurm {
  std::filesystem::path sbatch;  // empty: it is not in PATH
  std::string job;               // its number, when this process is in one
  std::string element;           // of an array
  std::string processors;        // that the job's task was given
  std::string memory;            // MiB of the job on this node
};

// `variable` gives the value of an environment variable, empty where there is none.
Slurm find_slurm(const std::function<std::string(const char*)>& variable);

// `usable`: processors that this process may use.
Finding check_slurm(const Slurm& slurm, std::uint32_t usable);

}  // namespace joust::doctor
