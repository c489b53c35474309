#pragma once
// A tournament as a spec file resolves to it: every default filled in, every name checked.

#include <cstdint>
#include <string>
#include <vector>

#include "common/plan.hpp"
#include "common/time.hpp"
#include "common/world.hpp"

namespace joust {

enum class Metric { mean, median, truncated_mean, min, max, std, sum };

// How the pool works. None of it decides a result; all of it may differ when a run is resumed.
struct PoolOptions {
  std::uint32_t workers = 1;                               // >= 1, "auto" already resolved
  std::uint32_t attempts = 3;                              // tries per world before quarantine
  Duration retry_backoff = std::chrono::milliseconds(50);  // before the 2nd attempt, then doubling
  Duration world_deadline = std::chrono::minutes(15);      // per attempt
  Duration stall_timeout = std::chrono::seconds(60);       // between two reports of progress
  Duration frozen_timeout = std::chrono::seconds(5);       // a stopped worker is given this long
  Duration start_timeout = std::chrono::seconds(30);       // from spawn to ready
  Duration total_deadline = Duration::max();               // of the whole run; max: none
  Duration terminate_grace{0};                    // between SIGTERM and SIGKILL; 0: SIGKILL at once
  std::uint32_t max_deaths_without_progress = 0;  // breaker; 0: 30 or 5 per worker, the larger
  std::uint64_t ring_capacity = 1 << 20;          // bytes per ring, a power of two
  std::uint64_t max_result = 64ULL << 20;         // bytes of one encoded result
  std::uint64_t output_kept = 16 << 10;           // bytes of output kept at each end, per attempt
  bool durable = false;                           // fsync each commit
  std::vector<std::string> env_allow;             // variables that workers inherit, by name
  bool watch_memory = false;         // look at what workers take, and start no more than fit
  std::uint64_t memory = 0;          // bytes that all workers may take together; 0: what there is
  std::uint64_t memory_reserve = 0;  // bytes that stay free on the machine; 0: a twentieth of it
  std::uint64_t memory_limit = 0;    // bytes of one worker with all that it started; 0: none
  std::uint64_t recycle_above = 0;   // bytes after a world at which a worker is replaced; 0: never
  std::uint64_t recycle_after = 0;   // worlds after which it is; 0: never
  std::uint32_t ramp = 0;            // workers that may start at once, once one is ready; 0: all
  bool pin = false;                  // each worker stays on one processor
  std::uint32_t nice = 0;            // added to the niceness that joust itself has
  std::string ionice = "none";       // "idle" or "best-effort:N"; "none": as joust's
};

struct Tournament {
  std::string name;
  PlanShape shape;
  Metric metric = Metric::truncated_mean;
  std::uint32_t disqualify_after = 0;  // worlds lost to a competitor that put it out; 0: never
  WorldSetup setup;
  PoolOptions pool;
};

// What a report calls the world: its name, of a program its command line too.
std::string world_title(const WorldSetup& setup);

// The setup and plan as text for a worker (JSON; the format is private to this pair of functions
// and may change with any version: both processes are of one build).
struct WorkerBrief {
  PlanShape shape;
  WorldSetup setup;
};
std::string encode_brief(const WorkerBrief& brief);
// Throws std::runtime_error when the text is not a brief of this build.
WorkerBrief decode_brief(std::string_view text);

std::string_view metric_name(Metric metric);

}  // namespace joust
