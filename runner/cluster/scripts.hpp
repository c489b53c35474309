#pragma once
// The job scripts of a submission, as text. runner/cluster/README.md has the life of an element.

#include <cstdint>
#include <filesystem>
#include <string>

namespace joust::cluster {

// How often in a row an element asks to be queued again without having finished a world.
inline constexpr std::uint32_t kMostIdleRequeues = 3;

struct ScriptFacts {
  std::string name;              // of the tournament
  std::filesystem::path joust;   // absolute
  std::filesystem::path folder;  // of the submission, absolute
  std::uint32_t shards = 0;
  std::uint32_t seconds_to_stop = 0;  // between Slurm's signal and the time limit
};

// What every element of the array runs: plays its shard, or goes on with it.
std::string shard_script(const ScriptFacts& facts);

// What the dependent job runs.
std::string merge_script(const ScriptFacts& facts);

}  // namespace joust::cluster
