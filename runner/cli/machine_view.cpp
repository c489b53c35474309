#include "runner/cli/machine_view.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "runner/report/human.hpp"

namespace joust::cli {
namespace {

machine::MemoryRoom room_at_start(const MachineView& view, const PoolOptions& pool) {
  return machine::room_for_workers(view.memory, {pool.memory, pool.memory_reserve}, 0);
}

bool is_known(const MachineView& view, const PoolOptions& pool) {
  return view.memory.total > 0 || pool.memory > 0;
}

std::uint64_t bytes_for_workers(const MachineView& view, const PoolOptions& pool) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, room_at_start(view, pool).room));
}

void write_workers(const MachineView& view, std::uint32_t workers, bool is_auto,
                   std::ostream& out) {
  const machine::Processors& processors = view.processors;
  std::string why = report::counted(processors.allowed, "processor") + " may be used";
  if (processors.quota) {
    why += fmt::format(", control groups grant the time of {:.3g}", *processors.quota);
  }
  if (processors.job > 0) {
    why += fmt::format(", Slurm grants this job {}: {}", processors.job, view.job.processors_from);
  }
  fmt::print(out, "workers  {}{}: {}\n", workers, is_auto ? " (auto)" : "", why);
}

void write_memory(const MachineView& view, const PoolOptions& pool, std::ostream& out) {
  using report::human_bytes;
  const machine::MemoryLook& memory = view.memory;
  if (!is_known(view, pool)) {
    fmt::print(out, "memory   not known here: all workers start\n");
    return;
  }
  const std::uint64_t room = bytes_for_workers(view, pool);
  fmt::print(out, "memory   {} for workers", human_bytes(room));
  if (memory.total > 0) {
    fmt::print(out, " = {} that can be had of {}, less {} that stays free",
               human_bytes(memory.left()), human_bytes(memory.all()),
               human_bytes(room_at_start(view, pool).reserve));
  }
  if (memory.group) {
    fmt::print(out, " (the control group has {} and uses {})", human_bytes(memory.group->limit),
               human_bytes(memory.group->used));
  }
  if (memory.job > 0) {
    fmt::print(out, " (Slurm grants this job {}: {})", human_bytes(memory.job),
               view.job.memory_from);
  }
  if (pool.memory > 0) {
    fmt::print(out, ", and no more than workers.memory = {}", human_bytes(pool.memory));
  }
  fmt::print(out, "\n         {} for each of {}. ", human_bytes(room / pool.workers), pool.workers);
  fmt::print(out, "The first that plays shows what one takes; the others start while they fit.\n");
}

}  // namespace

MachineView see_machine() {
  return {machine::look_at_processors(), machine::MemoryGauge().look(),
          machine::look_at_slurm_job()};
}

void write_machine(const MachineView& view, const PoolOptions& pool, bool is_auto,
                   std::ostream& out) {
  write_workers(view, pool.workers, is_auto, out);
  write_memory(view, pool, out);
}

std::string machine_json(const MachineView& view, const PoolOptions& pool) {
  using Json = nlohmann::ordered_json;
  const machine::MemoryLook& memory = view.memory;
  Json json = {{"processors", view.processors.allowed}};
  json["processor_quota"] = view.processors.quota ? Json(*view.processors.quota) : Json();
  json["job_processors"] = view.processors.job > 0 ? Json(view.processors.job) : Json();
  json["workers"] = pool.workers;
  json["memory_bytes"] = memory.total;
  json["available_bytes"] = memory.available;
  json["group_limit_bytes"] = memory.group ? Json(memory.group->limit) : Json();
  json["group_used_bytes"] = memory.group ? Json(memory.group->used) : Json();
  json["job_bytes"] = memory.job > 0 ? Json(memory.job) : Json();
  json["reserve_bytes"] = room_at_start(view, pool).reserve;
  json["budget_bytes"] = pool.memory > 0 ? Json(pool.memory) : Json();
  json["workers_bytes"] = is_known(view, pool) ? Json(bytes_for_workers(view, pool)) : Json();
  return json.dump();
}

}  // namespace joust::cli
