#pragma once
// One picture of a submitted tournament, from what Slurm, the job scripts and the shards' status
// files say. Decides; asks nobody.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runner/cluster/notes.hpp"
#include "runner/cluster/queue.hpp"
#include "runner/cluster/submission.hpp"

namespace joust::cluster {

// In the order in which they are shown.
enum class ShardState {
  waiting,  // has not begun
  running,
  requeued,    // was stopped, and waits in the queue to go on
  held,        // waits, and Slurm will not start it by itself
  finished,    // all of its worlds count
  incomplete,  // finished, but some of its worlds do not count
  stopped,     // was stopped or killed, and is not in the queue
  stuck,       // its time limit came again and again before a world was finished
  failed,      // joust ended with another exit code
};
inline constexpr std::size_t kShardStates = 9;

// The words of them, stable: they are in the JSON, too.
std::string_view shard_state_name(ShardState state);

// Whether somebody has to look at it.
bool needs_attention(ShardState state);

// Of a shard's status.json.
struct ShardProgress {
  std::uint64_t done = 0;
  std::uint64_t failed = 0;
  std::uint64_t voided = 0;
  std::uint64_t running = 0;
  double per_second = 0;
  bool operator==(const ShardProgress&) const = default;
};

// What is known of one shard.
struct ShardFacts {
  std::uint32_t shard = 0;
  Note note;
  std::optional<ShardProgress> progress;
};

struct ShardView {
  std::uint32_t shard = 0;
  ShardState state = ShardState::waiting;
  std::string node;  // where it runs, or ran last
  std::string why;   // for people; may be empty
  ShardProgress progress;
};

enum class MergeState { waiting, running, merged, incomplete, failed, none };

struct Picture {
  Submission submission;
  std::string trouble;            // why Slurm's queue is not known; empty: it is
  std::vector<ShardView> shards;  // ascending
  std::array<std::uint32_t, kShardStates> counts{};
  ShardProgress total;
  MergeState merge = MergeState::none;
  int merge_exit = 0;

  std::uint32_t count(ShardState state) const { return counts[static_cast<std::size_t>(state)]; }
  bool in_queue = false;  // something waits or runs, as far as is known
};

// What Slurm says; `queue` is empty when it could not be asked, and `trouble` says why.
struct SlurmView {
  std::optional<Queue> queue;
  std::map<std::uint32_t, std::string> accounting;
  std::string trouble;
};

Picture make_picture(const Submission& submission, const std::vector<ShardFacts>& facts,
                     const Note& merge, const SlurmView& slurm);

}  // namespace joust::cluster
