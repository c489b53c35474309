#include "runner/doctor/memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "common/channel_layout.hpp"
#include "common/number_after.hpp"
#include "common/tournament.hpp"
#include "common/whole_file.hpp"
#include "runner/report/human.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;
using report::counted;
using report::human_bytes;

// Shared memory of one worker, with rings of the usual size.
std::uint64_t channel_bytes() {
  const std::uint64_t capacity = PoolOptions{}.ring_capacity;
  return supervisor_memory_size(capacity) + worker_memory_size(capacity);
}

}  // namespace

Finding check_processors(const machine::Processors& processors, std::uint32_t workers) {
  std::string found = counted(processors.allowed, "processor") + " may be used";
  if (processors.quota) {
    found += fmt::format(", control groups grant the time of {:.3g}", *processors.quota);
  }
  if (processors.job > 0) found += fmt::format(", Slurm grants this job {}", processors.job);
  const std::uint32_t usable = processors.usable();
  if (workers > usable) {
    return {"processors", Grade::note, found,
            fmt::format("{} share them: worlds that compute take longer, and deadlines are of "
                        "real time",
                        counted(workers, "worker"))};
  }
  return {"processors", Grade::ok, found,
          fmt::format("a run has {} by itself, one for each", counted(usable, "worker"))};
}

Finding check_memory(const machine::MemoryLook& look, std::uint32_t workers) {
  if (look.total == 0) {
    return {"memory", Grade::warning, "/proc/meminfo does not say how much there is",
            "all workers start at once, whether they fit or not: set memory in [workers]"};
  }
  const machine::MemoryRoom room = machine::room_for_workers(look, {}, 0);
  const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(room.room, 0));
  std::string found =
      fmt::format("{} can be had of {}", human_bytes(look.left()), human_bytes(look.all()));
  if (look.group) {
    found += fmt::format(" (the control group has {} and uses {})", human_bytes(look.group->limit),
                         human_bytes(look.group->used));
  }
  if (look.job > 0) found += fmt::format(", Slurm grants this job {}", human_bytes(look.job));
  const std::string each =
      fmt::format("{} stay free, which leaves {} for each of {}, {} of them for its channel",
                  human_bytes(room.reserve), human_bytes(bytes / std::max(workers, 1U)),
                  counted(workers, "worker"), human_bytes(channel_bytes()));
  constexpr std::uint64_t kSmallWorker = 16 << 20;  // one that plays worlds in C++ takes less
  if (bytes < kSmallWorker) {
    return {"memory", Grade::warning, found,
            fmt::format("{} stay free, so that one worker starts and no other: free some, or "
                        "lower memory_reserve in [workers]",
                        human_bytes(room.reserve))};
  }
  if (bytes / std::max(workers, 1U) < kSmallWorker) {
    return {"memory", Grade::warning, found, each + ": not all of them will start"};
  }
  return {"memory", Grade::ok, found, each};
}

Finding check_swap(const fs::path& root) {
  const std::string text = read_whole_file(root / "proc/meminfo").value_or("");
  const std::uint64_t total = number_after("SwapTotal:", text).value_or(0) << 10;
  const std::uint64_t unused = number_after("SwapFree:", text).value_or(0) << 10;
  if (total == 0) {
    return {"swap", Grade::ok, "none",
            "when memory gets short the youngest workers give way; nothing is slowed down by "
            "swapping"};
  }
  const std::uint64_t used = total - std::min(total, unused);
  const std::string found = fmt::format("{} of {} used", human_bytes(used), human_bytes(total));
  if (used > total / 4) {
    return {"swap", Grade::warning, found,
            "this machine has run out of memory before: what was swapped out is slow to come "
            "back, and worlds can miss their deadlines"};
  }
  return {"swap", Grade::ok, found, "joust counts as room only what is had without swapping"};
}

Finding check_overcommit(const fs::path& root) {
  const auto mode =
      first_number(read_whole_file(root / "proc/sys/vm/overcommit_memory").value_or("0"));
  if (mode != 2) {
    return {"overcommit", Grade::ok, "memory counts when it is touched",
            "address space that a language reserves costs nothing"};
  }
  const std::string text = read_whole_file(root / "proc/meminfo").value_or("");
  const std::uint64_t limit = number_after("CommitLimit:", text).value_or(0) << 10;
  const std::uint64_t taken = number_after("Committed_AS:", text).value_or(0) << 10;
  return {"overcommit", Grade::warning,
          fmt::format("vm.overcommit_memory is 2: {} of {} are promised", human_bytes(taken),
                      human_bytes(limit)),
          "languages that reserve much address space (Java, Go, threads of Python) fail though "
          "memory is free: take fewer workers, or let root say 'sysctl vm.overcommit_memory=0'"};
}

}  // namespace joust::doctor
