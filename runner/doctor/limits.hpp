#pragma once
// The limits that this process and its children have.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>

#include "runner/doctor/finding.hpp"

namespace joust::doctor {

inline constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// getrlimit(2); `soft` is what counts, and may be raised to `hard`.
struct Limit {
  std::uint64_t soft = kUnlimited;
  std::uint64_t hard = kUnlimited;
};

struct Limits {
  Limit open_files;
  Limit processes;      // of this user
  Limit core;           // bytes
  Limit file_size;      // bytes
  Limit processor;      // seconds that this process may compute
  Limit address_space;  // bytes
  Limit data;           // bytes
};

Limits read_limits();

// How many files joust itself has open with so many workers, and a few to spare.
std::uint64_t open_files_needed(std::uint32_t workers);

Finding check_open_files(const Limits& limits, std::uint32_t workers);

// What of processes there may be.
struct ProcessCounts {
  std::uint64_t limit = kUnlimited;   // of this user (RLIMIT_NPROC); root has none
  std::uint64_t taken = 0;            // by this user, threads included
  std::optional<std::uint64_t> room;  // that the tightest control group leaves; nothing: no limit
};

// `root` is where /proc and the files of the control groups are looked for.
ProcessCounts count_processes(const Limits& limits, const std::filesystem::path& root);

Finding check_processes(const ProcessCounts& counts, std::uint32_t workers);

// Core dumps, and limits that are usually none: of files, computing time and address space.
Findings check_other_limits(const Limits& limits);

}  // namespace joust::doctor
