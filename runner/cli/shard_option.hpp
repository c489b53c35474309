#pragma once
// --shard I/N, and --shard auto/N where whoever started many of us says which one this is.

#include <stdexcept>
#include <string>

#include "common/shard.hpp"
#include "runner/machine/slurm_job.hpp"

namespace joust::cli {

// What is wrong with the text, as the end of a sentence that names the option.
struct ShardError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// "3/8"; or "auto/8": then the index is that of a Slurm array element (SLURM_ARRAY_TASK_ID, of an
// array 1-8), of a Kubernetes indexed Job (JOB_COMPLETION_INDEX, counted from 0) or of a parallel
// GitLab job (CI_NODE_INDEX), whichever is set first. Throws ShardError.
Shard parse_shard(const std::string& text, const machine::Environment& environment);

}  // namespace joust::cli
