#include "runner/doctor/slurm.hpp"

#include <fmt/format.h>

#include "common/parse_number.hpp"
#include "runner/machine/programs.hpp"
#include "runner/report/human.hpp"

namespace joust::doctor {
namespace {

// Number and element, and what the job was granted.
std::string describe(const Slurm& slurm) {
  std::string text = "in job " + slurm.job;
  if (!slurm.element.empty()) text += ", element " + slurm.element;
  if (slurm.granted.processors > 0) {
    text += fmt::format(", {} ({})", report::counted(slurm.granted.processors, "processor"),
                        slurm.granted.processors_from);
  }
  if (slurm.granted.memory > 0) {
    text += fmt::format(", {} ({})", report::human_bytes(slurm.granted.memory),
                        slurm.granted.memory_from);
  }
  if (const auto end = parse_number<std::int64_t>(slurm.end)) {
    text += fmt::format(", until {}", report::human_time(*end * 1000));
  }
  return text;
}

}  // namespace

Slurm find_slurm(const machine::Environment& environment) {
  const auto value = [&environment](const char* name) -> std::string {
    const char* text = environment(name);
    return text == nullptr ? "" : text;
  };
  return {.sbatch = machine::find_in_path("sbatch", value("PATH")),
          .job = value("SLURM_JOB_ID"),
          .element = value("SLURM_ARRAY_TASK_ID"),
          .end = value("SLURM_JOB_END_TIME"),
          .granted = machine::look_at_slurm_job(environment)};
}

Finding check_slurm(const Slurm& slurm, std::uint32_t allowed) {
  if (slurm.job.empty() && slurm.sbatch.empty()) {
    return {"slurm", Grade::ok, "no sbatch in PATH, and this is no job of Slurm",
            "tournaments are played on this machine"};
  }
  if (slurm.job.empty()) {
    return {"slurm", Grade::ok, slurm.sbatch.string(),
            "'joust submit slurm SPEC --shards N' gives a tournament to the cluster"};
  }
  if (slurm.granted.processors == 0) {
    return {"slurm", Grade::warning, describe(slurm),
            "Slurm does not say how many processors are the job's: say --workers"};
  }
  if (slurm.granted.processors < allowed) {
    return {"slurm", Grade::note, describe(slurm),
            fmt::format("Slurm does not keep the job to its processors ({} may be used); joust "
                        "does: worlds that start threads may not",
                        allowed)};
  }
  return {"slurm", Grade::ok, describe(slurm), "workers keep to what the job was given"};
}

}  // namespace joust::doctor
