#pragma once
// How much memory there is for workers: what the machine has, what the control groups leave of it,
// and what the user grants.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "common/time.hpp"
#include "runner/machine/slurm_job.hpp"

namespace joust::machine {

// The control group that leaves the least.
struct GroupMemory {
  std::uint64_t limit = 0;  // bytes, at which it is throttled (memory.high) or killed
  std::uint64_t used = 0;   // bytes, without the pages of files, which the kernel can drop
  std::uint64_t left() const { return limit - (used < limit ? used : limit); }
  bool operator==(const GroupMemory&) const = default;
};

struct MemoryLook {
  std::uint64_t total = 0;           // bytes of the machine; 0: not known
  std::uint64_t available = 0;       // bytes that can be had without swapping (MemAvailable)
  std::optional<GroupMemory> group;  // nothing: no group limits it
  std::uint64_t stalled_us = 0;      // time in which all processes waited for memory, since boot
  std::uint64_t job = 0;             // bytes that Slurm granted the job, where no group keeps it to
                                     // that; 0: no such limit

  // Of all that the machine, the group or the job has; and what can still be had of it, where the
  // job has taken nothing yet.
  std::uint64_t all() const;
  std::uint64_t left() const;
};

// Reads it. Not thread-safe.
class MemoryGauge {
 public:
  // `root` is where /proc and the files of the control groups are looked for. REQUIRES: this
  // process stays in its control groups.
  explicit MemoryGauge(const std::filesystem::path& root = "/",
                       const SlurmJob& job = look_at_slurm_job());

  // Never fails.
  MemoryLook look() const;

  // Whether the kernel has killed a process of this control group (of the machine, where there is
  // none) for want of memory, and this was not asked about it yet. Each kill is told once.
  bool take_oom_kill();

  // Forgets kills that nobody asked about for a while. Call it now and then.
  void forget_old_oom_kills(TimePoint now);

 private:
  std::uint64_t count_oom_kills() const;

  std::filesystem::path proc_;
  std::vector<std::filesystem::path> groups1_;
  std::vector<std::filesystem::path> groups2_;
  std::uint64_t job_ = 0;
  std::uint64_t oom_kills_ = 0;        // that were told, or happened before
  std::uint64_t aging_oom_kills_ = 0;  // all that had happened by then
  TimePoint aging_since_{};
};

struct MemoryRules {
  std::uint64_t budget = 0;   // bytes that all workers may take together; 0: what there is
  std::uint64_t reserve = 0;  // bytes that stay free; 0: default_reserve()
};

// A twentieth, at least 64 MiB and at most 4 GiB.
std::uint64_t default_reserve(std::uint64_t all);

struct MemoryRoom {
  std::uint64_t reserve = 0;  // bytes, as applied
  std::int64_t room = 0;      // bytes that workers may still take: the lesser of what is left above
                              // the reserve and what is left of the budget; below 0: too much taken
  std::uint64_t most = 0;     // bytes that workers could have, if nobody else had any
  bool critical = false;      // half of the reserve is gone, or the budget is exceeded
};

// `taken`: bytes that the workers have now. Where nothing is known of the machine, only the budget
// counts.
MemoryRoom room_for_workers(const MemoryLook& look, const MemoryRules& rules, std::uint64_t taken);

}  // namespace joust::machine
