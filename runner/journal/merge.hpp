#pragma once
// Several journals of one tournament, each of some of its worlds, become one.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "runner/journal/journal.hpp"

namespace joust::journal {

// What one of the runs had.
struct MergedRun {
  std::uint64_t results = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t open = 0;  // worlds that failed and are neither done nor given up
};

struct MergeResult {
  std::vector<MergedRun> runs;                    // in the order of the folders
  std::uint64_t worlds = 0;                       // that are done or given up
  std::uint64_t shared = 0;                       // results that several runs had
  std::vector<std::filesystem::path> unreadable;  // logs and stacks that could not be copied
};

// Somebody wanted it to end.
struct MergeStopped : std::runtime_error {
  MergeStopped() : std::runtime_error("the merge was stopped") {}
};

struct MergeOptions {
  std::uint64_t worlds = 0;  // of the tournament: whether the merged session is finished
  // So many journals are read at once (three files each); more are merged in groups first.
  std::size_t at_once = 200;
  // The folder whose run.db is written, and in which groups are merged; empty: `into`.
  std::filesystem::path work = {};
  std::function<bool()> is_stopped = {};  // asked now and then
};

// Writes what the runs' journals hold into the empty one of the run directory `into`, with the logs
// and stacks that they name. All of what is told of a world (its result, its failed attempts) comes
// from one run: from the first that has its result, else from the first that gave it up, else from
// one with the most charged attempts. What is merged is told as one session, in which each run has
// slots of its own. Reads and writes each row once (twice, when there are groups), in the order of
// tasks; memory does not depend on the number of results.
// Throws MergeStopped, and JournalError: for a damaged journal, a full disk, and when two runs have
// different results of one world. REQUIRES: the runs are of one tournament, and not empty; the
// caller holds the lock of `into`.
MergeResult merge_journals(const std::vector<std::filesystem::path>& runs,
                           const std::filesystem::path& into, const MergeOptions& options);

}  // namespace joust::journal
