#pragma once
// Whether tournaments can be given to Slurm from here, and whether this is one of its jobs.

#include <cstdint>
#include <filesystem>
#include <string>

#include "runner/doctor/finding.hpp"
#include "runner/machine/slurm_job.hpp"

namespace joust::doctor {

struct Slurm {
  std::filesystem::path sbatch;  // empty: it is not in PATH
  std::string job;               // its number, when this process is in one
  std::string element;           // of an array
  std::string end;               // of the job, in seconds since 1970
  machine::SlurmJob granted;
};

Slurm find_slurm(const machine::Environment& environment);

// `allowed`: processors that this process may run on.
Finding check_slurm(const Slurm& slurm, std::uint32_t allowed);

}  // namespace joust::doctor
