#pragma once
// How many processors this process may use.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace joust::machine {

// The numbers of those that this process may run on (its affinity), ascending; empty if that cannot
// be found out.
std::vector<std::uint32_t> allowed_processors();

struct Processors {
  std::uint32_t allowed = 1;    // that it may run on: its affinity
  std::optional<double> quota;  // processors' worth of time that its control groups grant

  // The least of both; a part of a processor counts as one.
  std::uint32_t usable() const;
};

// `root` is where the files of the control groups are looked for. Never fails.
Processors look_at_processors(const std::filesystem::path& root = "/");

}  // namespace joust::machine
