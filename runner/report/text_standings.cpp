#include <fmt/format.h>

#include <algorithm>

#include "runner/report/human.hpp"
#include "runner/report/text_sections.hpp"
#include "runner/report/text_table.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kPlaces = 5;  // shown of each case

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

std::string case_text(const SensitivityCase& each) {
  std::string text = "  " + printable(each.assumption) + ":";
  const std::size_t shown = std::min(each.ranking.size(), kPlaces);
  for (std::size_t i = 0; i < shown; ++i) {
    const SensitivityCase::Place& place = each.ranking[i];
    text += fmt::format("{} {} {}", i > 0 ? "," : "",
                        place.rank == 0 ? "-" : std::to_string(place.rank), printable(place.name));
  }
  if (shown < each.ranking.size()) text += ", ...";
  return text;
}

void print_sensitivity(TextPage& page, const Report& report) {
  if (!report.sensitivity) return;
  if (report.sensitivity->cases.empty()) {
    page.line();
    page.wrapped(
        "Of no missing world does the evidence name a culprit: nothing can be assumed of them.");
    return;
  }
  page.title("the ranks, if the missing worlds counted");
  for (const SensitivityCase& each : report.sensitivity->cases) page.clipped(case_text(each));
  if (!same_winners(*report.sensitivity)) {
    page.alarm("THE WINNER DEPENDS ON THE MISSING WORLDS.");
  }
  if (report.sensitivity->unblamed > 0) {
    page.wrapped(fmt::format("{} more have no known culprit and are left out above.",
                             report.sensitivity->unblamed));
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
  if (const auto banner = unequal_coverage(report)) page.alarm(*banner);
  if (const auto warning = few_blocks(report)) page.alarm(*warning);
  page.line();
  TextTable table(columns_of(report));
  for (const auto& standing : report.standings.ranking) table.add(cells_of(report, standing));
  table.print(page.out(), TextPage::kWidth, page.paint());
  print_basis_of_intervals(page, report);
  print_sensitivity(page, report);
}

}  // namespace joust::report
