#include "runner/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "runner/report/failures.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"
#include "runner/scoring/blocks.hpp"
#include "runner/scoring/tables.hpp"

namespace joust::report {
namespace {

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

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

// The results, measured as they pass by.
class MeteredResults : public scoring::ResultSource {
 public:
  MeteredResults(const RunRecord& record, Cost& cost, SessionClock& clock)
      : record_(record), cost_(cost), clock_(clock) {}

  void for_each_result(const std::function<void(const journal::ResultRow&)>& visit) const override {
    record_.for_each_result([&](const journal::ResultRow& row) {
      cost_.counted_seconds += in_seconds(row.played);
      clock_.note(row.at, 1);
      visit(row);
    });
  }
  std::vector<journal::QuarantineRow> quarantined() const override { return record_.quarantined(); }

 private:
  const RunRecord& record_;
  Cost& cost_;
  SessionClock& clock_;
};

// What the journal dates, besides results, tells until when a session was at work.
void note_workers(const RunRecord& record, SessionClock& clock) {
  for (const journal::WorkerStart& start : record.worker_starts()) clock.note(start.at);
  for (const journal::WorkerEnd& end : record.worker_ends()) clock.note(end.at);
}

SensitivityCase case_of(std::string assumption, const scoring::Scenario& scenario,
                        const scoring::Standings& standings) {
  SensitivityCase made{std::move(assumption), {}};
  for (const scoring::Standing& standing : standings.ranking) {
    const scoring::Place& place = scenario.places[standing.competitor];
    made.ranking.push_back({place.rank, standing.name, place.value});
  }
  std::stable_sort(made.ranking.begin(), made.ranking.end(), [](const auto& a, const auto& b) {
    return a.rank - 1 < b.rank - 1;  // those without a rank (0) come last
  });
  return made;
}

std::optional<Sensitivity> sensitivity_of(const scoring::Standings& standings) {
  const scoring::Sensitivity& known = standings.sensitivity;
  if (known.missing == 0) return std::nullopt;
  Sensitivity sensitivity;
  sensitivity.unblamed = known.without_culprit;
  if (known.imputed == 0 || standings.winners().empty()) return sensitivity;
  sensitivity.cases = {
      case_of("missing worlds are left out", known.excluded, standings),
      case_of(fmt::format("the culprit gets the worst score ({})", human_score(known.worst_score)),
              known.worst, standings),
      case_of("the culprit gets 0", known.zero, standings)};
  return sensitivity;
}

void note_forfeits(Report& report, const ReportOptions& options, const Tournament& tournament,
                   const Plan& plan, const scoring::CountedWorld& world) {
  for (const scoring::ScoredSeat& seat : world.seats) {
    if (seat.seat >= world.result.seats.size() || report.forfeits.size() >= options.worst) return;
    const std::string& reason = world.result.seats[seat.seat].forfeit;
    if (reason.empty()) continue;
    report.forfeits.push_back({seat.task, plan.run_id(seat.task),
                               printable(tournament.setup.competitors[seat.competitor].name),
                               printable(reason)});
  }
}

}  // namespace

std::string_view state_name(RunState state) {
  constexpr std::array<std::string_view, 3> kNames = {"running", "interrupted", "finished"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string expected_worlds(const scoring::Coverage& coverage) {
  const std::string worlds = counted(coverage.expected, "world");
  const Shard& shard = coverage.shard;
  return shard.is_whole() ? worlds : fmt::format("{} of shard {}", worlds, shard_text(shard));
}

std::string basis(const scoring::Coverage& coverage) {
  const std::string expected = expected_worlds(coverage);
  std::string text = coverage.missing() == 0 ? fmt::format("of all {}", expected)
                                             : fmt::format("of {} of {}; {} missing", coverage.done,
                                                           expected, coverage.missing());
  if (coverage.voided > 0) text += fmt::format(", {} of them void", coverage.voided);
  if (coverage.unusable > 0) {
    text += fmt::format("; {} unusable", counted(coverage.unusable, "score"));
  }
  return text;
}

std::optional<std::string> damage_line(const Report& report) {
  if (report.damage.empty()) return std::nullopt;
  return fmt::format(
      "DAMAGED: {} of the journal could not be read. What is missing below may have "
      "been played; the ranks are of the rest.",
      counted(report.damage.size(), "part"));
}

std::optional<std::string> partial_line(const Report& report) {
  if (report.state == RunState::finished) return std::nullopt;
  const scoring::Coverage& coverage = report.standings.coverage;
  return fmt::format(
      "PARTIAL: {}; {} of {} done, and ranks may still change",
      report.state == RunState::running ? "the run goes on" : "the run was interrupted",
      coverage.done, counted(coverage.expected, "world"));
}

std::optional<UnequalCoverage> coverage_extremes(const scoring::Standings& standings) {
  if (standings.even()) return std::nullopt;
  UnequalCoverage found;
  for (const scoring::Standing& standing : standings.ranking) {
    if (standing.disqualified_at) continue;
    const auto count = standing.summary.count;
    if (found.least == nullptr || count < found.least->summary.count) found.least = &standing;
    if (found.most == nullptr || count >= found.most->summary.count) found.most = &standing;
  }
  return found;
}

std::optional<std::string> unequal_coverage(const scoring::Standings& standings) {
  const auto found = coverage_extremes(standings);
  if (!found) return std::nullopt;
  constexpr std::size_t kLongestName = 32;
  return fmt::format(
      "UNEQUAL COVERAGE: {} has {}, {} has {}, of {} each. The ranks below compare different sets "
      "of worlds.",
      clip(printable(found->least->name), kLongestName),
      counted(found->least->summary.count, "score"),
      clip(printable(found->most->name), kLongestName), found->most->summary.count,
      found->most->worlds_expected);
}

std::vector<std::string> disqualified_lines(const scoring::Standings& standings, const Plan& plan) {
  std::vector<std::string> lines;
  for (const scoring::Standing& standing : standings.ranking) {
    if (!standing.disqualified_at) continue;
    lines.push_back(
        fmt::format("DISQUALIFIED: {}; {} lost to it, the last of them {}. Its later worlds were "
                    "not played, or do not count.",
                    printable(standing.name),
                    standings.disqualification->after() == 1
                        ? "a world was"
                        : counted(standings.disqualification->after(), "world") + " were",
                    plan.run_id(*standing.disqualified_at)));
  }
  return lines;
}

std::optional<std::string> why_no_intervals(const scoring::Standings& standings) {
  const scoring::Inference& inference = standings.inference;
  if (inference.draws > 0) return std::nullopt;
  if (inference.too_many_competitors) {
    return fmt::format("they are computed for at most {} competitors; there are {}.",
                       scoring::kMostCompared, standings.ranking.size());
  }
  return fmt::format("they need at least two configurations with usable scores; there {} {}.",
                     inference.blocks == 1 ? "is" : "are", inference.blocks);
}

std::optional<std::string> intervals_alarm(const scoring::Standings& standings) {
  if (const auto why = why_no_intervals(standings)) return "NO INTERVALS: " + *why;
  if (!standings.inference.few_blocks) return std::nullopt;
  return fmt::format("FEW BLOCKS: the intervals rest on {} only; they are rough.",
                     counted(standings.inference.blocks, "configuration"));
}

bool same_winners(const Sensitivity& sensitivity) {
  const auto winners = [](const SensitivityCase& each) {
    std::set<std::string> names;
    for (const SensitivityCase::Place& place : each.ranking) {
      if (place.rank == 1) names.insert(place.name);
    }
    return names;
  };
  const auto& cases = sensitivity.cases;
  return std::all_of(cases.begin(), cases.end(), [&](const SensitivityCase& each) {
    return winners(each) == winners(cases.front());
  });
}

std::uint64_t given_up_unblamed(const Report& report) {
  if (!report.sensitivity) return 0;
  const std::uint64_t unplayed = report.standings.coverage.unplayed();
  return report.sensitivity->unblamed - std::min(report.sensitivity->unblamed, unplayed);
}

const scoring::CompetitorInference* inference_of(const scoring::Standings& standings,
                                                 std::uint32_t competitor) {
  const scoring::Inference& inference = standings.inference;
  const bool known = inference.draws > 0 && competitor < inference.competitors.size();
  return known ? &inference.competitors[competitor] : nullptr;
}

std::string rank_text(const scoring::Standing& standing) {
  if (standing.disqualified_at) return "DQ";
  return standing.rank == 0 ? "-" : fmt::format("{}{}", standing.rank, standing.tied ? "=" : "");
}

bool is_near_winner(const scoring::Standing& standing, const scoring::CompetitorInference& sure) {
  return sure.tied_with_winner && standing.rank > 1;
}

std::filesystem::path inside(const std::filesystem::path& run_dir, const std::string& relative) {
  const std::filesystem::path path(relative);
  const auto leads_up = [](const std::filesystem::path& part) { return part == ".."; };
  const bool leads_out = path.is_absolute() || std::any_of(path.begin(), path.end(), leads_up);
  return path.empty() || leads_out ? std::filesystem::path() : run_dir / path;
}

std::string forfeit_counts(const Report& report) {
  std::string text;
  for (const scoring::Standing& standing : report.standings.ranking) {
    if (standing.forfeits == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", printable(standing.name),
                        standing.forfeits);
  }
  return text;
}

std::string_view fate_text(Fate fate) {
  switch (fate) {
    case Fate::quarantined:
      return "quarantined";
    case Fate::open:
      return "not done yet";
    case Fate::recovered:
      return "recovered";
    case Fate::voided:
      return "void";
  }
  return "";
}

RunState state_of(bool lock_held, const scoring::Coverage& coverage) {
  if (lock_held) return RunState::running;
  return coverage.unplayed() == 0 ? RunState::finished : RunState::interrupted;
}

WinnerWords winner_words(const Report& report) {
  const std::vector<const scoring::Standing*> winners = report.standings.winners();
  const std::string rests_on = basis(report.standings.coverage);
  if (winners.empty()) {
    return {fmt::format("no winner ({})", rests_on), "the metric is undefined for all of them"};
  }
  std::string names;
  for (const scoring::Standing* winner : winners) {
    names += names.empty() ? "" : ", ";
    names += printable(winner->name);
  }
  const bool is_final = report.state == RunState::finished;
  return {fmt::format("{}{}{} ({})", is_final ? "winner" : "leader", winners.size() > 1 ? "s" : "",
                      is_final ? "" : " so far", rests_on),
          names};
}

std::string winner_line(const Report& report) {
  const WinnerWords words = winner_words(report);
  return words.title + ": " + words.names;
}

Report build_report(const ReportOptions& options, const Tournament& tournament, const Plan& plan,
                    const RunRecord& record) {
  Report report;
  report.name = tournament.name;
  report.world = world_title(tournament.setup);
  report.seed = plan.shape().seed;
  report.dir = options.dir;
  report.program = options.program;

  report.shape = plan.shape();

  SessionClock clock(record.sessions());
  FailureLedger failures(record, tournament, plan);
  report.cost.failed_seconds = in_seconds(failures.played());
  const MeteredResults results(record, report.cost, clock);
  scoring::StandingsOptions wanted;
  wanted.culprits = failures.culprits();
  report.standings = scoring::compute_standings(
      tournament, plan, results, wanted, [&](const scoring::CountedWorld& world) {
        failures.mark_recovered(world.row.task);
        note_forfeits(report, options, tournament, plan, world);
      });
  if (const auto& rule = report.standings.disqualification) failures.leave_out_void(*rule);
  report.disqualified = disqualified_lines(report.standings, plan);
  report.sensitivity = sensitivity_of(report.standings);
  report.state = state_of(options.lock_held, report.standings.coverage);
  report.damage = record.damage();
  const std::vector<journal::Session> sessions = record.sessions();
  const bool had_ended = !sessions.empty() && sessions.back().ending == "finished";
  // what cannot be read of a run that was over is not left to play
  if (!report.damage.empty() && had_ended && report.state == RunState::interrupted) {
    report.state = RunState::finished;
  }
  report.failures = failures.by_cause();
  report.by_competitor = failures.by_competitor();
  report.failed_attempts = failures.attempts();
  report.worst = failures.worst(options);

  note_workers(record, clock);
  report.sessions = clock.sessions();
  if (!report.sessions.empty()) report.pool_size = report.sessions.back().workers;
  measure_recovery(report.cost, record, clock);
  report.workers = summarise_workers(record);
  report.tables = scoring::tables_folder(options.dir, tournament);
  std::error_code ignored;
  report.tables_written = std::filesystem::exists(report.tables / "scores.csv", ignored);
  const std::filesystem::path page = std::filesystem::path(options.dir) / kPageFile;
  const bool is_over = report.state == RunState::finished;
  if (is_over && std::filesystem::exists(page, ignored)) report.page = page;
  const std::filesystem::path logs = std::filesystem::path(options.dir) / "attempts";
  report.has_logs =
      std::filesystem::is_directory(logs, ignored) && !std::filesystem::is_empty(logs, ignored);
  report.damage = record.damage();
  return report;
}

}  // namespace joust::report
