#pragma once
// `joust run` and `joust resume`.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/world_registry.hpp"
#include "runner/journal/scratch_journal.hpp"
#include "runner/os/injuries.hpp"
#include "runner/spec/spec.hpp"

namespace joust::cli {

struct PlayOptions {
  spec::WorkerOverrides workers;
  bool json = false;   // the final summary as JSON on standard output
  bool quiet = false;  // no progress, no closing report
  bool in_process = false;
  std::optional<os::InjuryPlan> injuries;  // --chaos
  std::string program = "joust";           // as the user calls it, for the commands that we name
  std::filesystem::path worker_binary;     // empty: the one that belongs to this program
  journal::ScratchOptions scratch;         // where the run directory is on a network file system
};

struct RunArguments {
  std::filesystem::path spec;  // or a run directory, whose spec is played anew
  std::filesystem::path out;   // empty: runs/<name>, of a shard runs/<name>-shard-3-of-8
  std::optional<std::string> name;
  std::optional<std::string> seed;
  Shard shard = {};
  PlayOptions play;
};

struct ResumeArguments {
  std::filesystem::path dir;
  PlayOptions play;
};

// Both return the process's exit code; errors have been told on standard error. REQUIRES: the
// supervisor's signals are blocked.
int run_command(const RunArguments& arguments, const WorldRegistry& worlds);
int resume_command(const ResumeArguments& arguments, const WorldRegistry& worlds);

}  // namespace joust::cli
