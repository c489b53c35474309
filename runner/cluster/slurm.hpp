#pragma once
// Asks Slurm: the only file that starts its programs (sbatch, squeue, sacct, scancel, scontrol),
// each with a time-out. Use from one thread at a time.

#include <string>
#include <vector>

#include "runner/cluster/picture.hpp"
#include "runner/cluster/queue.hpp"
#include "runner/cluster/submission.hpp"

namespace joust::cluster {

// Throws ClusterError, with sbatch's own words, when nothing was submitted.
JobId submit_job(const std::vector<std::string>& sbatch_line);

// Lets the elements of a job start that was submitted with --hold. Throws ClusterError.
void release_job(const JobId& job);

// A job that has ended already is none of its errors. Throws ClusterError.
void cancel_job(const JobId& job);

// What is in the queue of the jobs of that round. Never throws: what cannot be had is told in it.
SlurmView look_at_queue(const Round& round);

// Adds how elements ended that are neither in the queue nor have told it themselves, where Slurm
// keeps accounts. Never throws. REQUIRES: the queue is known.
void add_accounting(SlurmView& view, const Round& round, const std::vector<ShardFacts>& facts);

// The highest number that an element of an array may have; nothing where Slurm does not tell.
std::optional<std::uint32_t> ask_highest_array_index();

}  // namespace joust::cluster
