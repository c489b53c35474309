#include "runner/cli/export_command.hpp"

#include <fmt/format.h>

#include <optional>

#include "common/whole_file.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/journal/own_files.hpp"
#include "runner/journal/reader.hpp"
#include "runner/report/failures.hpp"
#include "runner/report/human.hpp"
#include "runner/report/journal_record.hpp"
#include "runner/report/run_files.hpp"
#include "runner/scoring/tables.hpp"

namespace joust::cli {
namespace {

namespace fs = std::filesystem;

bool is_same_place(const fs::path& a, const fs::path& b) {
  return fs::weakly_canonical(a).lexically_normal() == fs::weakly_canonical(b).lexically_normal();
}

// Whether the tables may go there: the folder is new, empty, or holds an export of the same
// tournament, and is not where another run keeps its tables.
bool may_export_to(const fs::path& folder, const Tournament& tournament, const Plan& plan) {
  std::error_code none;
  if (!fs::is_directory(folder, none) || fs::is_empty(folder, none)) return true;
  if (journal::is_own_file(folder / scoring::kParamsFile)) return false;
  return read_whole_file(folder / scoring::kParamsFile) == scoring::params_json(tournament, plan);
}

void tell(const ExportArguments& arguments, const fs::path& folder,
          const scoring::Coverage& coverage, bool goes_on) {
  fmt::print(stderr, "joust: the tables of {} are in {}\n", report::counted(coverage.done, "world"),
             folder.string());
  if (coverage.missing() == 0) return;
  fmt::print(stderr, "joust: they are partial: {} of {} are missing", coverage.missing(),
             report::counted(coverage.expected, "world"));
  if (goes_on) {
    fmt::print(stderr, "; the tournament is still being played");
  } else if (coverage.unplayed() > 0) {
    fmt::print(stderr, "; go on with: {}",
               report::resume_command(arguments.program, arguments.dir.string()));
  }
  fmt::print(stderr, "\n");
}

}  // namespace

int export_command(const ExportArguments& arguments, const WorldRegistry& worlds) {
  try {
    refuse_submission(arguments.dir);
    const journal::Reader reader(arguments.dir);
    const spec::LoadedSpec spec = load_recorded_spec(reader, arguments.dir, worlds);
    const fs::path own = scoring::tables_folder(arguments.dir, spec.tournament);
    const fs::path folder = arguments.out.empty() ? own : arguments.out;
    // `joust run` writes there, too
    std::optional<journal::RunDirectory> lock;
    const Plan plan(spec.tournament.shape);
    if (is_same_place(folder, own)) {
      lock = journal::RunDirectory::open(arguments.dir);
    } else if (!may_export_to(folder, spec.tournament, plan)) {
      return bad_input(
          fmt::format("'{}' is not empty and holds no export of this tournament: nothing "
                      "was written; give a new or an empty folder with --out",
                      folder.string()));
    }
    const bool goes_on = !lock && journal::is_worked_on(arguments.dir);

    const report::JournalRecord record(reader);
    scoring::TableOptions options;
    options.reproducible = arguments.reproducible;
    options.per_run = true;
    options.culprits = report::disqualifying_culprits(record, spec.tournament, plan);
    const scoring::Standings standings =
        scoring::write_tables(folder, spec.tournament, plan, record, options);
    if (lock) {  // the folder is the run's own: what lies beside it must say the same
      report::ReportOptions shown;
      shown.dir = arguments.dir.string();
      shown.program = arguments.program;
      const report::Report report = report::build_report(shown, spec.tournament, plan, record);
      report::write_run_files(arguments.dir, report, spec.tournament, plan, record);
    }
    tell(arguments, folder, standings.coverage, goes_on);
    return kAllCounted;
  } catch (const journal::LockedError& error) {
    return bad_input(fmt::format("{}, or export to another folder with --out", error.what()));
  } catch (const journal::JournalError& error) {
    if (!error.disk_full) return bad_input(error.what());
    fmt::print(stderr, "joust: {}\n", error.what());
    return kJournalError;
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
