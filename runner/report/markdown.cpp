#include "runner/report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/report/human.hpp"
#include "runner/report/markdown_escape.hpp"

namespace joust::report {
namespace {

// A line of a table: every cell is Markdown already.
std::string table_line(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

// The interval and the probability of rank 1.
std::vector<std::string> inference_cells(const scoring::Standings& standings,
                                         const scoring::Standing& standing) {
  const auto* sure = inference_of(standings, standing.competitor);
  if (sure == nullptr || sure->rank_probability.empty()) return {"-", "-"};
  return {human_interval(sure->interval), fmt::format("{:.3f}{}", sure->rank_probability.front(),
                                                      is_near_winner(standing, *sure) ? " ¹" : "")};
}

std::string standings_table(const Report& report) {
  const scoring::Standings& standings = report.standings;
  const bool inferred = standings.inference.draws > 0;
  std::vector<std::string> head = {"rank", "competitor",
                                   markdown_cell(metric_name(standings.metric))};
  if (inferred) head.insert(head.end(), {"95 % interval", "P(rank 1)"});
  head.emplace_back("worlds");
  const bool any_unusable = standings.coverage.unusable > 0;
  if (any_unusable) head.emplace_back("unusable");
  std::vector<std::string> rule(head.size(), "---:");
  rule[1] = ":---";
  std::string text = table_line(head) + table_line(rule);
  for (const scoring::Standing& standing : standings.ranking) {
    std::vector<std::string> cells = {rank_text(standing), markdown_cell(standing.name),
                                      human_score(standing.value)};
    if (inferred) {
      for (std::string& cell : inference_cells(standings, standing)) {
        cells.push_back(std::move(cell));
      }
    }
    cells.push_back(fmt::format("{} of {}", standing.worlds_done, standing.worlds_expected));
    if (any_unusable) cells.push_back(std::to_string(standing.unusable));
    text += table_line(cells);
  }
  return text;
}

// An alarm that begins with its name in capitals and a colon.
std::string quoted(const std::string& alarm) {
  const std::size_t colon = alarm.find(':');
  return fmt::format("\n> **{}**{}\n", alarm.substr(0, colon + 1),
                     markdown_text(alarm.substr(colon + 1)));
}

std::string assumptions_text(const Report& report) {
  const Sensitivity& sensitivity = *report.sensitivity;
  std::vector<std::string> tried;
  for (const SensitivityCase& each : sensitivity.cases) {
    tried.push_back(markdown_text(each.assumption));
  }
  std::string text = same_winners(sensitivity)
                         ? fmt::format(
                               "The winner is the same under each of {} assumptions about "
                               "the missing worlds: {}.",
                               tried.size(), fmt::join(tried, "; "))
                         : fmt::format(
                               "**The winner depends on what is assumed of the missing "
                               "worlds.** Tried: {}.",
                               fmt::join(tried, "; "));
  if (sensitivity.unblamed == 0) return text;
  std::vector<std::string> left_out;
  if (const std::uint64_t unblamed = given_up_unblamed(report)) {
    left_out.push_back(
        fmt::format("{} of which no culprit is known", counted(unblamed, "failed world")));
  }
  if (const std::uint64_t unplayed = report.standings.coverage.unplayed()) {
    left_out.push_back(fmt::format("{} not played", unplayed));
  }
  return text + fmt::format(" Nothing was assumed of {}.", fmt::join(left_out, " and "));
}

std::string missing_text(const Report& report) {
  const scoring::Coverage& coverage = report.standings.coverage;
  if (coverage.missing() == 0 && coverage.unusable == 0) return "Every world counted.\n";
  std::vector<std::string> sentences;
  if (coverage.missing() > 0) {
    sentences.push_back(fmt::format(
        "{} of {} {} no result ({} failed at every attempt, {} not played{}).", coverage.missing(),
        expected_worlds(coverage), coverage.missing() == 1 ? "has" : "have", coverage.quarantined,
        coverage.unplayed(), coverage.voided > 0 ? fmt::format(", {} void", coverage.voided) : ""));
  }
  if (const std::string forfeits = forfeit_counts(report); !forfeits.empty()) {
    sentences.push_back(fmt::format("Worlds forfeited: {}.", markdown_text(forfeits)));
  }
  if (coverage.unusable > 0) {
    sentences.push_back(fmt::format("{} could not be used.", counted(coverage.unusable, "score")));
  }
  if (report.sensitivity && report.sensitivity->cases.size() > 1) {
    sentences.push_back(assumptions_text(report));
  }
  return fmt::format("{}\n", fmt::join(sentences, " "));
}

std::string intervals_text(const Report& report) {
  const scoring::Standings& standings = report.standings;
  if (standings.inference.draws == 0) return "";
  const bool any = std::any_of(standings.ranking.begin(), standings.ranking.end(),
                               [&](const scoring::Standing& standing) {
                                 const auto* sure = inference_of(standings, standing.competitor);
                                 return sure != nullptr && is_near_winner(standing, *sure);
                               });
  return fmt::format("\nIntervals: 95 %, bootstrap over {}, {} draws.{}\n",
                     counted(standings.inference.blocks, "configuration"),
                     standings.inference.draws,
                     any ? " ¹ The data do not separate it from the winner." : "");
}

}  // namespace

std::string markdown_report(const Report& report) {
  const WinnerWords winner = winner_words(report);
  std::string text = fmt::format("## {}\n", markdown_text(report.name));
  if (const auto damage = damage_line(report)) text += quoted(*damage);
  if (const auto partial = partial_line(report)) text += quoted(*partial);
  text += fmt::format("\n{}: **{}**\n", markdown_text(winner.title), markdown_text(winner.names));
  for (const std::string& line : report.disqualified) text += quoted(line);
  if (const auto alarm = unequal_coverage(report.standings)) text += quoted(*alarm);
  if (const auto alarm = intervals_alarm(report.standings)) text += quoted(*alarm);
  text += "\n" + standings_table(report) + intervals_text(report) + "\n" + missing_text(report);
  const PlanShape& shape = report.shape;
  text += fmt::format(
      "\nPlayed with joust {}: world {}, {} competitors, {} per world, {}, {}, seed {}. The same "
      "spec and seed give the same table: {}\n",
      JOUST_VERSION, markdown_code(report.world), shape.competitors, shape.per_world,
      counted(shape.configs, "configuration"), counted(shape.runs, "run"), report.seed,
      markdown_code(fmt::format("joust run {} --seed {}", "spec.toml", report.seed)));
  return text;
}

}  // namespace joust::report
