#include "runner/report/html/standings_section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/row_plot.hpp"

namespace joust::report::html {
namespace {

using scoring::Standing;

std::string interval_text(const scoring::Interval& interval) {
  if (std::isnan(interval.low) || std::isnan(interval.high)) return score_text(kUnknown);
  return score_text(interval.low) + " to " + score_text(interval.high);
}

scoring::Interval interval_of(const PageData& page, const Standing& standing) {
  const scoring::CompetitorInference* known = page.inference(standing.competitor);
  return known != nullptr ? known->interval : scoring::Interval{};
}

void standing_row(std::string& out, const PageData& page, const Standing& standing) {
  const scoring::Interval interval = interval_of(page, standing);
  const double first = page.first_probability(standing.competitor);
  const scoring::CompetitorInference* known = page.inference(standing.competitor);
  const bool is_tied = known != nullptr && known->tied_with_winner;
  const bool is_unranked = standing.rank == 0 && !standing.disqualified_at;
  const std::string rank = is_unranked ? score_text(kUnknown) : rank_text(standing);
  out += standing.rank == 1 ? "<tr class=\"first\">" : "<tr>";
  number_cell(out, standing.rank == 0 ? kUnknown : standing.rank, rank);
  name_header(out, standing.name);
  number_cell(out, standing.value, score_text(standing.value));
  number_cell(out, interval.low, interval_text(interval));
  number_cell(out, first, escape(percent_text(first)));
  out += fmt::format("<td data-value=\"{}\">{}</td>", is_tied ? "yes" : "no",
                     is_tied            ? "<span class=\"chip\">yes</span>"
                     : known != nullptr ? "no"
                                        : "\u2013");
  number_cell(out, standing.summary.std, score_text(standing.summary.std));
  const double share = standing.worlds_expected > 0
                           ? static_cast<double>(standing.worlds_done) /
                                 static_cast<double>(standing.worlds_expected)
                           : 0;
  number_cell(
      out, share,
      fmt::format("{} / {}", grouped(standing.worlds_done), grouped(standing.worlds_expected)));
  number_cell(out, static_cast<double>(standing.unusable), grouped(standing.unusable));
  out += "</tr>\n";
}

void standings_table(std::string& out, const PageData& page) {
  out +=
      "<div class=\"scroll pinned\" tabindex=\"0\" role=\"region\" aria-label=\"Standings, table\">"
      "<table class=\"sortable\"><caption>Standings, best first</caption><thead><tr>";
  sort_header(out, "Rank", "num", "ascending");
  sort_header(out, "Competitor", "name");
  sort_header(out, metric_name(page.report.standings.metric), "num");
  sort_header(out, "95 % interval", "num");
  sort_header(out, "P(first)", "num");
  sort_header(out, "Tied with winner", "text");
  sort_header(out, "Std", "num");
  sort_header(out, "Worlds", "num");
  sort_header(out, "Unusable", "num");
  out += "</tr></thead><tbody>\n";
  for (const Standing& standing : page.report.standings.ranking) standing_row(out, page, standing);
  out += "</tbody></table></div>\n";
}

struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return !(low <= high); }
  void widen() {
    const double size = high - low;
    const double margin = size > 0 ? size * 0.04 : std::max(std::fabs(low) * 0.01, 0.5);
    low -= margin;
    high += margin;
  }
};

// At the best value. Only within the rows' bands: a narrow drawing has text between them.
void draw_leader(RowPlot& plot, std::span<const Standing> ranking) {
  const std::string x = coordinate(plot.x()(ranking.front().value));
  std::string line;
  for (std::size_t row = 0; row < ranking.size(); ++row) {
    line += fmt::format("M{} {}v{}", x, coordinate(plot.middle(row) - plot.band() / 2),
                        coordinate(plot.band()));
  }
  plot.svg().path(line, "leader");
}

std::string draw_intervals(const PageData& page, Extent extent, Width width) {
  const std::span<const Standing> ranking = page.plotted();
  RowPlotText text;
  text.id = "plot-intervals";
  text.title = "Interval plot of the standings";
  text.description =
      "One row for each competitor, best first: a dot at its value and a line over its 95 % "
      "interval. The numbers are in the table of the standings.";
  text.axis = std::string(metric_name(page.report.standings.metric));
  for (const Standing& standing : ranking) {
    text.labels.push_back(page.names[standing.competitor]);
    text.values.push_back(score_text(standing.value));
  }
  RowPlot plot(text, number_axis(extent.low, extent.high, width), width,
               width == Width::wide ? 26 : 18);
  if (!ranking.empty() && std::isfinite(ranking.front().value)) draw_leader(plot, ranking);
  for (std::size_t row = 0; row < ranking.size(); ++row) {
    const Standing& standing = ranking[row];
    const scoring::Interval interval = interval_of(page, standing);
    const scoring::CompetitorInference* known = page.inference(standing.competitor);
    const double y = plot.middle(row);
    if (std::isfinite(interval.low) && std::isfinite(interval.high)) {
      const double left = plot.x()(interval.low);
      const double right = plot.x()(interval.high);
      plot.svg().path(fmt::format("M{0} {2}v10m0 -5H{1}m0 -5v10", coordinate(left),
                                  coordinate(right), coordinate(y - 5)),
                      "interval");
    }
    if (!std::isfinite(standing.value)) continue;
    const bool is_open = known != nullptr && !known->tied_with_winner && standing.rank != 1;
    plot.svg().circle(plot.x()(standing.value), y, 5, is_open ? "dot open" : "dot");
  }
  return plot.svg().finish();
}

void interval_figure(std::string& out, const PageData& page) {
  Extent extent;
  for (const Standing& standing : page.plotted()) {
    const scoring::Interval interval = interval_of(page, standing);
    extent.take(standing.value);
    extent.take(interval.low);
    extent.take(interval.high);
  }
  if (extent.is_empty()) return;
  extent.widen();
  const std::string caption =
      page.is_inferred()
          ? fmt::format(
                "Value and 95 % interval: {} bootstrap draws over {}. Filled dots: the "
                "winner and those that the data do not separate from it; open dots: all "
                "others. The dashed line stands at the best value.",
                grouped(page.report.standings.inference.draws),
                grouped(page.report.standings.inference.blocks, "configuration"))
          : "Values alone: no intervals were computed for this report.";
  figure(out, caption + page.plotted_text(),
         [&](Width width) { return draw_intervals(page, extent, width); });
}

}  // namespace

void standings_section(std::string& out, const PageData& page) {
  open_section(out, "standings", "Standings", "");
  standings_table(out, page);
  interval_figure(out, page);
  close_section(out);
}

}  // namespace joust::report::html
