#pragma once
// `joust replay`: one world of a run once more, with the same seed, in this process.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/world_registry.hpp"

namespace joust::cli {

struct ReplayArguments {
  std::filesystem::path dir;
  std::string task;                      // its number, or its run id
  std::optional<std::uint32_t> attempt;  // nothing: the one that counted, or the last that failed
  std::optional<std::filesystem::path> trace;  // where the world's tables go; nothing: nowhere
};

// Returns the process's exit code. Writes nothing but the trace.
int replay_command(const ReplayArguments& arguments, const WorldRegistry& worlds);

}  // namespace joust::cli
