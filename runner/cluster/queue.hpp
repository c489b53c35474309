#pragma once
// What Slurm's programs print, understood.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust::cluster {

// A job in the queue, waiting or running.
struct QueuedJob {
  std::string state;   // "PENDING", "RUNNING", "COMPLETING", ...
  std::string node;    // empty: none yet
  std::string reason;  // why it waits: "Priority", "BeginTime", "JobHeldUser", ...
  bool waits() const { return state == "PENDING" || state == "REQUEUED" || is_held(); }
  bool is_held() const {
    return state == "SPECIAL_EXIT" || state == "REQUEUE_HOLD" ||
           reason.find("Held") != std::string::npos || reason.find("held") != std::string::npos;
  }
  bool operator==(const QueuedJob&) const = default;
};

// The two jobs of a submission; empty where they have left the queue.
struct Queue {
  std::map<std::uint32_t, QueuedJob> shards;
  std::optional<QueuedJob> merge;
  bool empty() const { return shards.empty() && !merge; }
};

// The fields of squeue --format that parse_queue() understands.
inline constexpr const char* kQueueFormat = "%F|%K|%T|%N|%r";

// Lines that it does not understand, or of other jobs, are passed over.
Queue parse_queue(std::string_view text, const std::string& array_job,
                  const std::string& merge_job);

// Of sacct --parsable2 --format=JobID,State: how elements of the array ended, as Slurm names it
// ("TIMEOUT", "OUT_OF_MEMORY", "CANCELLED", ...).
std::map<std::uint32_t, std::string> parse_accounting(std::string_view text,
                                                      const std::string& array_job);

// Of `scontrol show config`: the highest number that an element of an array may have.
std::optional<std::uint32_t> highest_array_index(std::string_view config);

struct JobId {
  std::string id;
  std::string cluster;  // empty: the usual one
};

// Of sbatch --parsable; nothing when that is no job id.
std::optional<JobId> parse_job_id(std::string_view text);

}  // namespace joust::cluster
