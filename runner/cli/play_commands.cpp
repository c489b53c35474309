#include "runner/cli/play_commands.hpp"

#include <fmt/format.h>

#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/run_history.hpp"
#include "runner/cli/session.hpp"
#include "runner/cli/submit_command.hpp"
#include "runner/cluster/submission.hpp"
#include "runner/journal/reader.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/machine/file_system.hpp"
#include "runner/report/human.hpp"
#include "runner/report/run_files.hpp"

namespace joust::cli {
namespace {

namespace fs = std::filesystem;

// A run is not gone on with when a file has changed since that decides its results.
void require_same_files(const spec::LoadedSpec& spec, const fs::path& dir) {
  const std::vector<std::string> changed = spec::changed_files(spec, dir / "inputs");
  if (changed.empty()) return;
  throw spec::SpecError(
      fmt::format("{} changed since this run began, and results of two versions must not be mixed. "
                  "Undo the change, or start a new run with --out.",
                  fmt::join(changed, " and ")));
}

// `overrides` become those under which the spec was loaded.
spec::LoadedSpec load_to_play(const fs::path& path, const WorldRegistry& worlds,
                              spec::Overrides& overrides) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return spec::load(path, worlds, overrides);
  if (overrides.seed || overrides.name) {
    throw spec::SpecError(fmt::format(
        "{} {}: {} is a run directory, and what it recorded is played as it was recorded, with its "
        "name and its seed; for others give a spec file",
        overrides.seed ? "--seed" : "--name", *(overrides.seed ? overrides.seed : overrides.name),
        path.string()));
  }
  const journal::Reader reader(path);
  spec::LoadedSpec spec = load_to_play_anew(reader, path, worlds, overrides);
  require_same_files(spec, path);
  return spec;
}

fs::path default_out(const Tournament& tournament) {
  const Shard& shard = tournament.shape.shard;
  return fs::path("runs") / (shard.is_whole() ? tournament.name
                                              : fmt::format("{}-shard-{}-of-{}", tournament.name,
                                                            shard.index, shard.count));
}

// What a session on this machine had not copied back when it was killed.
void recover_journal(const ResumeArguments& arguments) {
  if (machine::network_file_system(arguments.dir).empty()) return;
  const auto found = journal::recover_scratch(arguments.dir, arguments.play.scratch);
  if (!found) return;
  fmt::print(stderr, "joust: {} more had been played here when joust was killed\n",
             report::counted(*found, "world"));
}

// What joust-stacks was writing when an earlier supervisor was killed.
void remove_unfinished(const fs::path& attempts) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(attempts, error)) {
    if (entry.path().extension() == ".tmp") fs::remove(entry.path(), error);
  }
}

}  // namespace

int run_command(const RunArguments& arguments, const WorldRegistry& worlds) {
  try {
    spec::Overrides overrides;
    overrides.name = arguments.name;
    overrides.seed = arguments.seed;
    overrides.shard = arguments.shard;
    overrides.workers = arguments.play.workers;
    const spec::LoadedSpec spec = load_to_play(arguments.spec, worlds, overrides);
    tell_warnings(spec);
    const fs::path dir = arguments.out.empty() ? default_out(spec.tournament) : arguments.out;
    journal::require_scratch(dir, arguments.play.scratch);
    os::RunCgroupAside cgroup(!arguments.play.in_process);
    std::optional<journal::RunDirectory> made;
    try {
      made = journal::RunDirectory::create(dir, identity_of(spec, overrides));
    } catch (const journal::JournalError& error) {
      fmt::print(stderr, "joust: {}\n", error.what());
      return error.disk_full ? kJournalError : kBadInput;
    }
    return play_session({*made, spec, arguments.play, worlds}, empty_history(spec.tournament), 1,
                        cgroup);
  } catch (const journal::JournalError& error) {
    return bad_input(error.what());
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

int resume_command(const ResumeArguments& arguments, const WorldRegistry& worlds) {
  if (cluster::is_submission(arguments.dir)) {
    return resubmit_command(arguments.dir, arguments.play.program);
  }
  try {
    const journal::RunDirectory dir = journal::RunDirectory::open(arguments.dir);
    recover_journal(arguments);
    std::optional<journal::Reader> reader(arguments.dir);
    const spec::LoadedSpec spec =
        load_recorded_spec(*reader, arguments.dir, worlds, arguments.play.workers);
    tell_warnings(spec);
    const Plan plan(spec.tournament.shape);
    core::LedgerHistory history = read_history(*reader, spec.tournament, plan);
    if (is_finished(*reader, history, plan.worlds_here())) {
      if (!arguments.play.quiet) {
        fmt::print(stderr, "joust: nothing is left to play in {}\n", arguments.dir.string());
      }
      return show_results({dir, spec, arguments.play, worlds});
    }
    reader->require_newest_schema();
    require_same_files(spec, arguments.dir);
    os::RunCgroupAside cgroup(!arguments.play.in_process);
    remove_unfinished(arguments.dir / "attempts");
    report::remove_run_files(arguments.dir);
    const std::uint64_t number = reader->sessions().size() + 1;
    reader.reset();  // before the session opens the journal to write
    return play_session({dir, spec, arguments.play, worlds}, std::move(history), number, cgroup);
  } catch (const journal::LockedError& error) {
    return bad_input(error.what());
  } catch (const journal::JournalError& error) {
    return bad_input(error.what());
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
