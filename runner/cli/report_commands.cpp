#include "runner/cli/report_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <limits>
#include <map>
#include <sstream>

#include "common/whole_file.hpp"
#include "runner/cli/bad_input.hpp"
#include "runner/cli/end_signals.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/cli/open_run.hpp"
#include "runner/cli/report_effort.hpp"
#include "runner/cli/report_output.hpp"
#include "runner/cli/submission_status.hpp"
#include "runner/cli/terminal.hpp"
#include "runner/cli/world_report_command.hpp"
#include "runner/cluster/submission.hpp"
#include "runner/journal/reader.hpp"
#include "runner/os/clock.hpp"
#include "runner/report/event_tail.hpp"
#include "runner/report/human.hpp"
#include "runner/report/journal_record.hpp"
#include "runner/report/junit.hpp"
#include "runner/report/markdown.hpp"
#include "runner/report/report_text.hpp"
#include "runner/report/run_files.hpp"
#include "runner/report/status_text.hpp"
#include "runner/report/summary_json.hpp"

namespace joust::cli {
namespace {

namespace fs = std::filesystem;

// All that a format is made of.
struct Subject {
  const report::Report& report;
  const report::ReportOptions& options;
  const Tournament& tournament;
  const Plan& plan;
  const report::RunRecord& record;
};

using Format = void (*)(ReportOutput& output, const Subject& subject, bool colour);

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> all = {
      {"text",
       [](ReportOutput& output, const Subject& subject, bool colour) {
         std::ostringstream text;
         report::print_text(text, subject.report, colour);
         output.write(text.str());
       }},
      {"html",
       [](ReportOutput& output, const Subject& subject, bool) {
         output.write(
             report::html_page(subject.report, subject.tournament, subject.plan, subject.record));
       }},
      {"json", [](ReportOutput& output, const Subject& subject,
                  bool) { output.write(report::summary_json(subject.report)); }},
      {"markdown", [](ReportOutput& output, const Subject& subject,
                      bool) { output.write(report::markdown_report(subject.report)); }},
      {"junit",
       [](ReportOutput& output, const Subject& subject, bool) {
         report::write_junit([&](std::string_view text) { output.write(text); }, subject.report,
                             subject.options, subject.tournament, subject.plan, subject.record);
       }},
  };
  return all;
}

// What is shown again and again: with how the run went lately, which a status file cannot tell, and
// on a terminal no more than fits there.
std::string watched_text(const report::RunStatus& status, const report::StatusContext& context) {
  constexpr std::size_t kEvents = 8;
  constexpr std::size_t kSamples = 60;
  const std::size_t lines = is_terminal(STDOUT_FILENO) ? terminal_size(STDOUT_FILENO).rows - 1
                                                       : std::numeric_limits<std::size_t>::max();
  return report::render_screen(status, context,
                               report::read_event_tail(context.dir, kEvents, kSamples), lines);
}

// Shows the status once. True: the run goes on.
bool show_status(const StatusArguments& arguments, bool clear) {
  // first the lock: a run that ends in between has written its last status by then
  const bool lock_held = journal::is_worked_on(arguments.dir);
  const auto status = report::read_status(arguments.dir);
  if (!status) {
    throw journal::JournalError(
        fmt::format("{}: there is no status.json; is it a run directory?", arguments.dir.string()));
  }
  report::StatusContext context;
  context.dir = arguments.dir.string();
  context.program = arguments.program;
  context.lock_held = lock_held;
  context.now = os::unix_millis();
  context.colour = wants_colour(STDOUT_FILENO);
  context.width = terminal_size(STDOUT_FILENO).columns;
  if (clear) std::cout << "\033[H\033[2J";
  if (arguments.json) {
    std::cout << read_whole_file(arguments.dir / "status.json").value_or("");
  } else if (arguments.watch) {
    std::cout << watched_text(*status, context);
  } else {
    std::cout << report::render_status(*status, context);
  }
  std::cout << std::flush;
  return context.lock_held;
}

// Of a run whose journal tells nothing, the last that it said itself.
void show_last_status(const ReportArguments& arguments) {
  if (arguments.format != "text" || !arguments.output.empty()) return;
  try {
    StatusArguments status;
    status.dir = arguments.dir;
    status.program = arguments.program;
    if (!fs::exists(status.dir / "status.json")) return;
    fmt::print(stderr, "joust: what follows is the last status that the run wrote, no report\n");
    show_status(status, false);
  } catch (const journal::JournalError&) {  // neither can that be read
  }
}

// What was handed to Slurm has its report where its shards were merged.
int report_submission(const ReportArguments& arguments, const WorldRegistry& worlds) {
  ReportArguments merged = arguments;
  merged.dir = arguments.dir / "result";
  if (fs::exists(merged.dir)) return report_command(merged, worlds);
  return bad_input(
      fmt::format("{0}: its shards are not merged yet; how far they are: joust status {1}. What "
                  "there is can be "
                  "merged: joust merge {1}/shards/* --out FOLDER",
                  arguments.dir.string(), report::shell_word(arguments.dir.string())));
}

}  // namespace

const std::vector<std::string>& report_formats() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, format] : formats()) all.push_back(name);
    return all;
  }();
  return names;
}

int report_command(const ReportArguments& arguments, const WorldRegistry& worlds) {
  if (cluster::is_submission(arguments.dir)) return report_submission(arguments, worlds);
  if (arguments.world) return world_report_command(arguments, worlds);
  const ReportEffort effort;
  bool is_written = false;  // from here on what fails is a disk
  try {
    const ViewedRun run = open_to_view(arguments.dir, worlds);
    const report::JournalRecord record(run.reader);
    report::ReportOptions options;
    options.dir = arguments.dir.string();
    options.program = arguments.program;
    options.lock_held = journal::is_worked_on(arguments.dir);
    const Tournament& tournament = run.spec.tournament;
    const Plan plan(tournament.shape);
    const report::Report report = report::build_report(options, tournament, plan, record);
    ReportOutput output(arguments.output);
    is_written = true;
    const bool colour = arguments.output.empty() && wants_colour(STDOUT_FILENO);
    formats().at(arguments.format)(output, {report, options, tournament, plan, record}, colour);
    output.finish();
    const int code = tell_trouble(run);
    effort.tell(report.standings.coverage.done);
    return code;
  } catch (const journal::JournalError& error) {
    bad_input(error.what());
    if (is_written || error.disk_full) return kJournalError;
    show_last_status(arguments);
    return kBadInput;
  } catch (const OwnFileError& error) {
    return bad_input(error.what());
  } catch (const spec::SpecError& error) {
    return bad_input(error.what());
  }
}

int status_command(const StatusArguments& arguments) {
  if (cluster::is_submission(arguments.dir)) return submission_status_command(arguments);
  try {
    if (!arguments.watch) {
      show_status(arguments, false);
      return kAllCounted;
    }
    const EndSignals signals;
    const bool clear = is_terminal(STDOUT_FILENO);
    while (show_status(arguments, clear) && signals.none_for(1)) {
    }
    return kAllCounted;
  } catch (const journal::JournalError& error) {
    return bad_input(error.what());
  }
}

}  // namespace joust::cli
