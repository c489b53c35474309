#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runner/report/human.hpp"
#include "runner/report/text_sections.hpp"
#include "runner/report/text_table.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kChanges = 20;  // of ranks, shown for each case

std::vector<TextColumn> columns_of(const Report& report) {
  std::vector<TextColumn> columns = {
      {"rank"}, {"competitor", true}, {std::string(metric_name(report.standings.metric))}};
  if (report.standings.inference.draws > 0) {
    columns.insert(columns.end(), {{"95 % interval"}, {"P(rank 1)"}});
  } else {
    columns.push_back({"std"});
  }
  columns.push_back({"worlds"});
  if (report.standings.coverage.unusable > 0) columns.push_back({"unusable"});
  return columns;
}

std::vector<std::string> cells_of(const Report& report, const scoring::Standing& standing) {
  std::vector<std::string> cells = {rank_text(standing),
                                    clip(printable(standing.name), kLongestName),
                                    human_score(standing.value)};
  if (report.standings.inference.draws == 0) {
    cells.push_back(human_score(standing.summary.std));
  } else if (const auto* sure = inference_of(report.standings, standing.competitor)) {
    cells.push_back(human_interval(sure->interval));
    const bool has_ranks = !sure->rank_probability.empty();
    cells.push_back(fmt::format(
        "{} {}", has_ranks ? fmt::format("{:.3f}", sure->rank_probability.front()) : "-",
        is_near_winner(standing, *sure) ? "~" : " "));
  } else {
    cells.insert(cells.end(), {"-", "-"});
  }
  cells.push_back(fmt::format("{} of {}", standing.worlds_done, standing.worlds_expected));
  if (report.standings.coverage.unusable > 0) cells.push_back(std::to_string(standing.unusable));
  return cells;
}

bool any_tied(const scoring::Standings& standings) {
  return std::any_of(standings.ranking.begin(), standings.ranking.end(), [&](const auto& standing) {
    const auto* sure = inference_of(standings, standing.competitor);
    return sure != nullptr && is_near_winner(standing, *sure);
  });
}

void print_basis_of_intervals(TextPage& page, const Report& report) {
  const scoring::Inference& inference = report.standings.inference;
  if (inference.draws == 0) return;
  std::string text = fmt::format("Intervals: 95 %, bootstrap over {}, {} draws.",
                                 counted(inference.blocks, "configuration"), inference.draws);
  if (any_tied(report.standings)) text += " ~ : the data do not separate it from the winner.";
  page.wrapped(text);
}

std::string rank_of(const SensitivityCase::Place& place) {
  return place.rank == 0 ? "-" : std::to_string(place.rank);
}

// Who has another rank than in the table above: "Cid 2 (not 1)".
std::vector<std::string> changes(const SensitivityCase& from, const SensitivityCase& to) {
  std::map<std::string_view, const SensitivityCase::Place*> before;
  for (const SensitivityCase::Place& place : from.ranking) before[place.name] = &place;
  std::vector<std::string> changes;
  for (const SensitivityCase::Place& place : to.ranking) {
    const auto old = before.find(place.name);
    if (old == before.end() || old->second->rank == place.rank) continue;
    changes.push_back(fmt::format("{} {} (not {})", clip(printable(place.name), kLongestName),
                                  rank_of(place), rank_of(*old->second)));
  }
  return changes;
}

std::string case_text(const Sensitivity& sensitivity, const SensitivityCase& each) {
  const std::string assumption = printable(each.assumption);
  if (&each == &sensitivity.cases.front()) return assumption + ": the ranks above";
  std::vector<std::string> changed = changes(sensitivity.cases.front(), each);
  if (changed.empty()) return assumption + ": the same ranks";
  if (changed.size() > kChanges) {
    const std::size_t more = changed.size() - kChanges;
    changed.resize(kChanges);
    changed.push_back(fmt::format("and {} more", more));
  }
  return fmt::format("{}: {}", assumption, fmt::join(changed, ", "));
}

void print_sensitivity(TextPage& page, const Report& report) {
  if (!report.sensitivity) return;
  const std::uint64_t unblamed = given_up_unblamed(report);
  if (report.sensitivity->cases.empty()) {
    if (unblamed == 0) return;
    page.line();
    page.wrapped(
        report.disqualified.empty()
            ? "Of no quarantined world does the evidence name a culprit: nothing can be assumed of "
              "them."
            : "Of the quarantined worlds that were not lost to the disqualified, the evidence "
              "names "
              "no culprit: nothing can be assumed of them.");
    return;
  }
  page.title("the ranks, if the missing worlds counted");
  for (const SensitivityCase& each : report.sensitivity->cases) {
    page.item(case_text(*report.sensitivity, each));
  }
  if (!same_winners(*report.sensitivity)) {
    page.alarm("THE WINNER DEPENDS ON THE MISSING WORLDS.");
  }
  if (unblamed > 0) {
    page.wrapped(fmt::format("{} quarantined {} no known culprit and {} left out above.", unblamed,
                             unblamed == 1 ? "world has" : "worlds have",
                             unblamed == 1 ? "is" : "are"));
  }
}

}  // namespace

void print_standings(TextPage& page, const Report& report) {
  page.line();
  const bool is_sound = report.standings.coverage.complete();
  for (const std::string& line : wrap(winner_line(report), TextPage::kWidth)) {
    page.line(is_sound ? page.paint().good(line) : page.paint().alarm(line));
  }
  if (report.standings.ranking.empty()) return;
  for (const std::string& line : report.disqualified) page.alarm(line);
  if (const auto banner = unequal_coverage(report.standings)) page.alarm(*banner);
  if (const auto warning = intervals_alarm(report.standings)) page.alarm(*warning);
  page.line();
  TextTable table(columns_of(report));
  for (const auto& standing : report.standings.ranking) table.add(cells_of(report, standing));
  table.print(page.out(), TextPage::kWidth, page.paint());
  print_basis_of_intervals(page, report);
  print_sensitivity(page, report);
}

}  // namespace joust::report
