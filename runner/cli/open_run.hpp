#pragma once
// The spec of a run directory: recorded when the run began, and checked whenever the run is opened.

#include <filesystem>
#include <optional>
#include <string>

#include "runner/journal/reader.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/spec/spec.hpp"

namespace joust::cli {

// What a run directory made from this spec has to remember.
journal::RunIdentity identity_of(const spec::LoadedSpec& spec, const spec::Overrides& overrides);

// Throws JournalError where DIR is what `joust submit` made: no run directory, but it holds one.
void refuse_submission(const std::filesystem::path& dir);

// Tells the spec's warnings on standard error.
void tell_warnings(const spec::LoadedSpec& spec);

// Loads DIR/spec.toml with the recorded command-line values; `reader` reads DIR. (A second reader
// would look through the whole database once more.) Throws JournalError, and SpecError when the
// spec is bad or now says something else about what decides results than when the run began (all
// such keys are named).
spec::LoadedSpec load_recorded_spec(const journal::Reader& reader, const std::filesystem::path& dir,
                                    const WorldRegistry& worlds,
                                    const spec::WorkerOverrides& workers = {});

// The same, to be played by another run: `overrides` may choose a shard; the name and the seed
// become the recorded ones.
spec::LoadedSpec load_to_play_anew(const journal::Reader& reader, const std::filesystem::path& dir,
                                   const WorldRegistry& worlds, spec::Overrides& overrides);

// A run that is only looked at, as far as it can be read.
struct ViewedRun {
  spec::LoadedSpec spec;
  journal::Reader reader;  // of a damaged journal it leaves out what is damaged
  std::string trouble;  // what is wrong with the spec file, if anything; the recorded one is used
};

// Throws JournalError when there is nothing to read (no run directory, no journal, another
// program's file, a newer schema), and SpecError when no spec can be had, not even the recorded
// one.
ViewedRun open_to_view(const std::filesystem::path& dir, const WorldRegistry& worlds);

// After a report: tells on standard error what was wrong with the run directory. The exit code.
int tell_trouble(const ViewedRun& run);

}  // namespace joust::cli
