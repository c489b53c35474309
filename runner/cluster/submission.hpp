#pragma once
// The folder of a tournament that was handed to Slurm, and its submission.json.
//
//   tournament/  a run directory in which nothing was played: the spec, frozen
//   shard.sh  merge.sh  the job scripts (scripts.hpp)
//   submission.json  how it was submitted, and the job ids
//   logs/  what the jobs printed: shard-0007.log, merge.log
//   state/  what the scripts say of themselves: 0007, merge (notes.hpp)
//   shards/0007  the run directory of shard 7
//   result/  the merged run directory
//
// Two jobs never write one file. submission.json is written only by `joust submit`, `joust resume`
// and `joust cancel`.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace joust::cluster {

// What stops a command that has to do with Slurm. The text is complete, and says what to do.
struct ClusterError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the user asks of Slurm for each shard; nothing where it is left to the partition. Values are
// as sbatch takes them, and it is sbatch that judges them.
struct SlurmOptions {
  std::optional<std::string> partition = {};
  std::optional<std::string> time = {};
  std::optional<std::string> mem = {};
  std::optional<std::string> cpus = {};
  std::optional<std::string> account = {};
  std::optional<std::string> constraint = {};
  std::optional<std::string> qos = {};
  std::vector<std::string> more = {};             // further options of sbatch, each as one word
  std::optional<std::uint32_t> max_running = {};  // shards that may run at once
  bool operator==(const SlurmOptions&) const = default;
};

// One time that jobs were submitted.
struct Round {
  std::int64_t at = 0;    // milliseconds since 1970
  std::string array_job;  // empty: no shard was left to play
  std::string merge_job;
  std::string cluster;  // empty: the usual one
  std::string shards;   // "1-200", or "3,7-9": those of the array
  bool is_cancelled = false;
  bool operator==(const Round&) const = default;
};

struct Submission {
  std::string name;
  std::string spec;          // the file, absolute
  std::uint64_t worlds = 0;  // of all shards
  std::uint32_t shards = 0;
  std::string joust;  // the program that the jobs call, absolute
  SlurmOptions options;
  std::vector<Round> rounds;  // the last one counts
  bool operator==(const Submission&) const = default;
};

inline constexpr const char* kSubmissionFile = "submission.json";

// "0007": how files of that shard are named.
std::string shard_name(std::uint32_t shard);

// Whether the folder is one of a submission.
bool is_submission(const std::filesystem::path& dir);

// Throws ClusterError when there is none or it can not be understood.
Submission read_submission(const std::filesystem::path& dir);

// Makes or replaces it atomically. Throws JournalError.
void write_submission(const std::filesystem::path& dir, const Submission& submission);

}  // namespace joust::cluster
