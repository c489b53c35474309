#pragma once
// The command lines of sbatch, as words: no shell ever sees them.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/cluster/submission.hpp"

namespace joust::cluster {

// Seconds of "90", "90:00", "1:30:00", "2-12", "2-12:30" or "2-12:30:00", as Slurm writes times;
// nothing for anything else ("UNLIMITED", "soon").
std::optional<std::uint64_t> slurm_seconds(std::string_view time);

// How many seconds before the time limit a shard is told to finish its worlds: a tenth of the
// limit, from ten seconds to ten minutes; two minutes where the limit is not known.
std::uint32_t seconds_to_stop(const SlurmOptions& options);

// "1-4,7,9-10" for {1, 2, 3, 4, 7, 9, 10}. REQUIRES: ascending.
std::string shard_list(const std::vector<std::uint32_t>& shards);

// The array of the shards in `list`, held until it is released. `dir`: the submission's folder,
// absolute.
std::vector<std::string> array_line(const Submission& submission, const std::filesystem::path& dir,
                                    const std::string& list);

// The job that merges when every element of `array_job` has ended, however it did; at once where
// that is empty.
std::vector<std::string> merge_line(const Submission& submission, const std::filesystem::path& dir,
                                    const std::string& array_job);

}  // namespace joust::cluster
