#pragma once
// One session on a run directory that is ours: plays what is left, then writes and shows the
// results.

#include <cstdint>

#include "runner/cli/play_commands.hpp"
#include "runner/core/ledger.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/os/run_cgroup.hpp"

namespace joust::cli {

// All of it lives longer than the call that it is given to.
struct SessionSetup {
  const journal::RunDirectory& dir;
  const spec::LoadedSpec& spec;
  const PlayOptions& options;
  const WorldRegistry& worlds;
};

// `number`: of this session, counted from 1. Returns the process's exit code; errors have been told
// on standard error. REQUIRES: the supervisor's signals are blocked.
int play_session(const SessionSetup& setup, core::LedgerHistory history, std::uint64_t number,
                 os::RunCgroupAside& cgroup);

// Of a run of which nothing is played now: writes and shows the results. Returns the exit code.
// Throws JournalError.
int show_results(const SessionSetup& setup);

// Every world (of `worlds`) has its ending, and the last session said so. Throws JournalError.
bool is_finished(const journal::Reader& reader, const core::LedgerHistory& history,
                 std::uint64_t worlds);

}  // namespace joust::cli
