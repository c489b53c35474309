#include "runner/doctor/slurm.hpp"

#include <fmt/format.h>

#include "common/parse_number.hpp"
#include "runner/doctor/ask_program.hpp"

namespace joust::doctor {

Slurm find_slurm(const std::function<std::string(const char*)>& variable) {
  return {.sbatch = find_in_path("sbatch", variable("PATH")),
          .job = variable("SLURM_JOB_ID"),
          .element = variable("SLURM_ARRAY_TASK_ID"),
          .processors = variable("SLURM_CPUS_PER_TASK"),
          .memory = variable("SLURM_MEM_PER_NODE")};
}

Finding check_slurm(const Slurm& slurm, std::uint32_t usable) {
  if (slurm.job.empty()) {
    if (slurm.sbatch.empty()) {
      return {"slurm", Grade::ok, "no sbatch in PATH, and this is no job of Slurm",
              "tournaments are played on this machine"};
    }
    return {"slurm", Grade::ok, slurm.sbatch.string(),
            "'joust submit slurm SPEC --shards N' gives a tournament to the cluster"};
  }
  std::string found = "in job " + slurm.job;
  if (!slurm.element.empty()) found += ", element " + slurm.element;
  if (!slurm.processors.empty()) found += fmt::format(", {} processors", slurm.processors);
  if (!slurm.memory.empty()) found += fmt::format(", {} MiB", slurm.memory);
  const auto granted = parse_number<std::uint32_t>(slurm.processors);
  if (granted && *granted < usable) {
    return {"slurm", Grade::warning, found,
            fmt::format("the job was given {} processors, but nothing keeps it from using all {}: "
                        "say --workers {} to leave the others to whose they are",
                        *granted, usable, *granted)};
  }
  return {"slurm", Grade::ok, found, "joust keeps to what the job was given"};
}

}  // namespace joust::doctor
