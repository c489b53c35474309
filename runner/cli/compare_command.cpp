#include "runner/cli/compare_command.hpp"

#include <unistd.h>

#include <deque>
#include <ostream>

#include "runner/cli/bad_input.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/journal/reader.hpp"
#include "runner/report/compare_text.hpp"
#include "runner/report/journal_record.hpp"

namespace joust::cli {
namespace {

// A run that is open for reading.
struct OpenRun {
  OpenRun(const std::filesystem::path& dir, const WorldRegistry& worlds)
      : reader(dir),
        spec(load_recorded_spec(reader, dir, worlds)),
        plan(spec.tournament.shape),
        record(reader) {
    subject.dir = dir.string();
    subject.lock_held = journal::is_worked_on(dir);
    subject.tournament = &spec.tournament;
    subject.plan = &plan;
    subject.record = &record;
    subject.deciding = spec.deciding();
  }
  OpenRun(const OpenRun&) = delete;
  OpenRun& operator=(const OpenRun&) = delete;

  journal::Reader reader;
  spec::LoadedSpec spec;
  Plan plan;
  report::JournalRecord record;
  report::RunToCompare subject;
};

}  // namespace

int compare_command(const CompareArguments& arguments, const WorldRegistry& worlds,
                    std::ostream& out) {
  try {
    std::deque<OpenRun> open;  // whose elements stay where they are
    std::vector<report::RunToCompare> runs;
    for (const auto& dir : arguments.dirs) {
      refuse_submission(dir);
      runs.push_back(open.emplace_back(dir, worlds).subject);
    }
    const report::Comparison comparison = report::compare_runs(runs);
    if (arguments.json) {
      out << report::comparison_json(comparison);
    } else {
      report::print_comparison(out, comparison, wants_colour(STDOUT_FILENO));
    }
    out.flush();
    return arguments.exit_code && !comparison.all_same() ? kWorldsMissing : kAllCounted;
  } catch (const journal::JournalError& error) {
    return bad_input(error.what());
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
