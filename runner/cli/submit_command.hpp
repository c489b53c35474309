#pragma once
// `joust submit slurm`, and `joust resume` of what it has submitted.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/world_registry.hpp"
#include "runner/cluster/submission.hpp"

namespace joust::cli {

struct SubmitArguments {
  std::filesystem::path spec;
  std::filesystem::path out;  // empty: runs/<name>
  std::optional<std::string> name;
  std::optional<std::string> seed;
  std::uint32_t shards = 0;
  cluster::SlurmOptions options;
  bool dry_run = false;
  std::string program = "joust";  // as the user calls it
};

// Both return the process's exit code; errors have been told on standard error. REQUIRES: the
// supervisor's signals are blocked, so that nobody stops them between the submitting of two jobs.
int submit_command(const SubmitArguments& arguments, const WorldRegistry& worlds);
int resubmit_command(const std::filesystem::path& dir, const std::string& program);

}  // namespace joust::cli
