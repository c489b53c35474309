#include "runner/machine/slurm_job.hpp"

#include <cstdlib>
#include <optional>

#include "common/parse_number.hpp"

namespace joust::machine {
namespace {

// Nothing where it is not set, no number, or 0: for memory, that is all there is.
std::optional<std::uint32_t> number_of(const Environment& environment, const char* name) {
  const char* const text = environment(name);
  const auto number = text != nullptr ? parse_number<std::uint32_t>(text) : std::nullopt;
  return number && *number > 0 ? number : std::nullopt;
}

}  // namespace

SlurmJob look_at_slurm_job() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the header says when not
  return look_at_slurm_job([](const char* name) { return std::getenv(name); });
}

SlurmJob look_at_slurm_job(const Environment& environment) {
  SlurmJob job;
  if (environment("SLURM_JOB_ID") == nullptr) return job;
  for (const char* name : {"SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"}) {
    const auto processors = number_of(environment, name);
    if (!processors) continue;
    job.processors = *processors;
    job.processors_from = name;
    break;
  }
  constexpr unsigned kMebibyte = 20;  // as a shift
  if (const auto memory = number_of(environment, "SLURM_MEM_PER_NODE")) {
    job.memory = std::uint64_t{*memory} << kMebibyte;
    job.memory_from = "SLURM_MEM_PER_NODE";
  } else if (const auto each = number_of(environment, "SLURM_MEM_PER_CPU")) {
    const auto on_node = number_of(environment, "SLURM_CPUS_ON_NODE");
    const std::uint64_t processors = on_node ? *on_node : job.processors;
    job.memory = processors * *each << kMebibyte;
    if (job.memory > 0) job.memory_from = "SLURM_MEM_PER_CPU";
  }
  return job;
}

}  // namespace joust::machine
