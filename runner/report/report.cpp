#include "runner/report/report.hpp"

#include <fmt/format.h>

#include <array>

#include "runner/report/failures.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"
#include "runner/scoring/tables.hpp"

namespace joust::report {
namespace {

RunState state_of(bool lock_held, const scoring::Coverage& coverage) {
  if (lock_held) return RunState::running;
  return coverage.unplayed() == 0 ? RunState::finished : RunState::interrupted;
}

WorkerSummary summarise_workers(const RunRecord& record) {
  WorkerSummary summary;
  summary.started = record.worker_starts().size();
  for (const journal::WorkerEnd& end : record.worker_ends()) {
    if (!end.lost) continue;
    ++summary.lost;
    if (end.cause == Cause::cancelled) ++summary.injured;
    ++summary.lost_by_ending[printable(end.ending)];
  }
  return summary;
}

// What the names on the winner's line rest on.
std::string basis(const scoring::Coverage& coverage) {
  std::string text = coverage.missing() == 0
                         ? fmt::format("of all {}", counted(coverage.expected, "world"))
                         : fmt::format("of {} of {}; {} missing", coverage.done,
                                       counted(coverage.expected, "world"), coverage.missing());
  if (coverage.unusable > 0) {
    text += fmt::format("; {} unusable", counted(coverage.unusable, "score"));
  }
  return text;
}

}  // namespace

std::string_view state_name(RunState state) {
  constexpr std::array<std::string_view, 3> kNames = {"running", "interrupted", "finished"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string winner_line(const Report& report) {
  const std::vector<const scoring::Standing*> winners = report.standings.winners();
  const std::string rests_on = basis(report.standings.coverage);
  if (winners.empty()) return fmt::format("no winner ({}): nobody has a usable score", rests_on);
  std::string names;
  for (const scoring::Standing* winner : winners) {
    names += names.empty() ? "" : ", ";
    names += printable(winner->name);
  }
  const bool is_final = report.state == RunState::finished;
  return fmt::format("{}{}{} ({}): {}", is_final ? "winner" : "leader",
                     winners.size() > 1 ? "s" : "", is_final ? "" : " so far", rests_on, names);
}

Report build_report(const ReportOptions& options, const Tournament& tournament, const Plan& plan,
                    const RunRecord& record) {
  Report report;
  report.name = tournament.name;
  report.world = tournament.setup.world;
  report.seed = plan.shape().seed;
  report.dir = options.dir;
  report.program = options.program;

  FailureLedger failures(record);
  report.standings =
      scoring::compute_standings(tournament, plan, record, [&](const scoring::ScoredSeat& seat) {
        if (seat.seat == 0) failures.mark_recovered(seat.task);
      });
  report.state = state_of(options.lock_held, report.standings.coverage);
  report.failures = failures.by_cause();
  report.failed_attempts = failures.attempts();
  report.worst = failures.worst(options, tournament, plan);

  report.sessions = record.sessions();
  report.workers = summarise_workers(record);
  report.tables = scoring::tables_folder(options.dir, tournament);
  std::error_code ignored;
  report.tables_written = std::filesystem::exists(report.tables / "scores.csv", ignored);
  const std::filesystem::path logs = std::filesystem::path(options.dir) / "attempts";
  report.has_logs =
      std::filesystem::is_directory(logs, ignored) && !std::filesystem::is_empty(logs, ignored);
  return report;
}

}  // namespace joust::report
