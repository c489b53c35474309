#include "runner/report/html/coverage_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/row_plot.hpp"

namespace joust::report::html {
namespace {

using scoring::Standing;

std::string draw_coverage(const PageData& page, Width width) {
  const std::span<const Standing> ranking = page.plotted();
  RowPlotText text;
  text.id = "plot-coverage";
  text.title = "Worlds done by competitor";
  text.description =
      "One bar for each competitor: the share of its worlds that are done. The numbers are in the "
      "table below.";
  text.axis = "worlds done, % of those expected";
  for (const Standing& standing : ranking) {
    text.labels.push_back(page.names[standing.competitor]);
    text.values.push_back(
        fmt::format("{} / {}", grouped(standing.worlds_done), grouped(standing.worlds_expected)));
  }
  const RowPlotAxis axis{0, 100, number_ticks(0, 100, width == Width::wide ? 5 : 4)};
  RowPlot plot(text, axis, width, width == Width::wide ? 24 : 14);
  std::string all;
  std::string done;
  std::string unusable;
  const auto bar = [&](std::string& path, std::size_t row, double from, double to) {
    const double left = plot.x()(from * 100);
    const double right = plot.x()(to * 100);
    path += fmt::format("M{} {}H{}v10H{}z", coordinate(left), coordinate(plot.middle(row) - 5),
                        coordinate(right), coordinate(left));
  };
  for (std::size_t row = 0; row < ranking.size(); ++row) {
    const auto expected =
        static_cast<double>(std::max<std::uint64_t>(1, ranking[row].worlds_expected));
    const double share = std::min(1.0, static_cast<double>(ranking[row].worlds_done) / expected);
    const double lost = std::min(share, static_cast<double>(ranking[row].unusable) / expected);
    bar(all, row, 0, 1);
    bar(done, row, 0, share - lost);
    if (lost > 0) bar(unusable, row, share - lost, share);
  }
  plot.svg().path(all, "bar-empty");
  plot.svg().path(done, "bar");
  plot.svg().path(unusable, "bar-bad");
  return plot.svg().finish();
}

void coverage_table(std::string& out, const PageData& page) {
  out +=
      "<div class=\"scroll pinned\" tabindex=\"0\" role=\"region\" aria-label=\"Coverage, table\">"
      "<table class=\"sortable\"><caption>Coverage and failures by competitor</caption>"
      "<thead><tr>";
  sort_header(out, "Competitor", "name");
  sort_header(out, "Done", "num");
  sort_header(out, "Expected", "num");
  sort_header(out, "Usable scores", "num");
  sort_header(out, "Unusable", "num");
  sort_header(out, "Seated in failed attempts", "num");
  sort_header(out, "Named by the evidence", "num");
  out += "</tr></thead><tbody>\n";
  for (const Standing& standing : page.report.standings.ranking) {
    const CompetitorTrouble trouble = standing.competitor < page.detail.trouble.size()
                                          ? page.detail.trouble[standing.competitor]
                                          : CompetitorTrouble{};
    out += "<tr>";
    name_header(out, standing.name);
    for (const std::uint64_t count :
         {standing.worlds_done, standing.worlds_expected, standing.summary.count, standing.unusable,
          trouble.present, trouble.named}) {
      number_cell(out, static_cast<double>(count), grouped(count));
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

// `here`: where nothing is assumed of the missing worlds.
void sensitivity_cell(std::string& out, const SensitivityCase::Place& here,
                      const SensitivityCase::Place& there) {
  const double key = there.rank == 0 ? kUnknown : there.rank;
  std::string rank = there.rank == 0 ? score_text(kUnknown) : grouped(there.rank);
  if (there.rank != here.rank) rank = "<b class=\"changed\">" + rank + "</b>";
  number_cell(out, key, fmt::format("{} <small>({})</small>", rank, score_text(there.value)));
}

// What becomes of each competitor under each assumption; those whose rank changes stand out.
void sensitivity_table(std::string& out, const Sensitivity& sensitivity) {
  std::vector<std::map<std::string_view, const SensitivityCase::Place*>> places;
  out +=
      "<div class=\"scroll pinned\" tabindex=\"0\" role=\"region\" aria-label=\"Sensitivity, "
      "table\"><table class=\"sortable\"><caption>Rank and value of each competitor, if what is "
      "said in the column held for the missing worlds</caption><thead><tr>";
  sort_header(out, "Competitor", "name");
  for (const SensitivityCase& each : sensitivity.cases) {
    sort_header(out, each.assumption, "num", places.empty() ? "ascending" : "none");
    auto& by_name = places.emplace_back();
    for (const SensitivityCase::Place& place : each.ranking) by_name.emplace(place.name, &place);
  }
  out += "</tr></thead><tbody>\n";
  for (const SensitivityCase::Place& here : sensitivity.cases.front().ranking) {
    out += "<tr>";
    name_header(out, here.name);
    for (const auto& by_name : places) sensitivity_cell(out, here, *by_name.at(here.name));
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void sensitivity_part(std::string& out, const Report& report) {
  if (!report.sensitivity) return;
  const Sensitivity& sensitivity = *report.sensitivity;
  out += "<h3>The ranks, if the missing worlds counted</h3>\n";
  if (sensitivity.cases.empty()) {
    out += report.disqualified.empty()
               ? "<p>Of no missing world does the evidence name a culprit: nothing can be assumed "
                 "of them.</p>\n"
               : "<p>Of the missing worlds that were not lost to the disqualified, the evidence "
                 "names no culprit: nothing can be assumed of them.</p>\n";
    return;
  }
  out += same_winners(sensitivity) ? "<p>The winner is the same in all cases.</p>\n"
                                   : "<p class=\"banner bad\"><strong>The winner depends on the "
                                     "missing worlds.</strong></p>\n";
  sensitivity_table(out, sensitivity);
  if (sensitivity.unblamed > 0) {
    out += fmt::format(
        "<p class=\"note\">{} without a known culprit {} left out in all cases.</p>\n",
        grouped(sensitivity.unblamed, "missing world"), sensitivity.unblamed == 1 ? "is" : "are");
  }
}

}  // namespace

void coverage_section(std::string& out, const PageData& page) {
  const scoring::Coverage& coverage = page.report.standings.coverage;
  std::string lead =
      fmt::format("{} of {} done", grouped(coverage.done), grouped(coverage.expected) + " worlds");
  if (coverage.missing() > 0) {
    lead += fmt::format("; {} missing: {} quarantined, {} not played", grouped(coverage.missing()),
                        grouped(coverage.quarantined), grouped(coverage.unplayed()));
  }
  lead += fmt::format(
      "; {} unusable. A failure counts against a competitor only where the evidence "
      "names it.",
      grouped(coverage.unusable, "score"));
  open_section(out, "coverage", "Coverage", lead);
  if (!page.report.standings.ranking.empty()) {
    figure(
        out,
        "Light: worlds expected. Blue: with a usable score. Orange, outlined: done, but the score "
        "can not be used." +
            page.plotted_text(),
        [&](Width width) { return draw_coverage(page, width); });
    coverage_table(out, page);
    sensitivity_part(out, page.report);
  }
  close_section(out);
}

}  // namespace joust::report::html
