#pragma once
// What Slurm granted the job that this process belongs to, as its environment tells it. Where Slurm
// confines nobody (TaskPlugin=task/none, no memory control group), nothing else does.

#include <cstdint>
#include <functional>
#include <string>

namespace joust::machine {

struct SlurmJob {
  std::uint32_t processors = 0;  // on this node; 0: not in a job, or not said
  std::uint64_t memory = 0;      // bytes on this node; 0: not in a job, or no limit
  std::string processors_from;   // the variables that say so, for people
  std::string memory_from;
};

// The value of an environment variable, or null.
using Environment = std::function<const char*(const char* name)>;

// Looks into this process's own environment: not while another thread changes it. What makes no
// sense there counts as not said.
SlurmJob look_at_slurm_job();
SlurmJob look_at_slurm_job(const Environment& environment);

}  // namespace joust::machine
