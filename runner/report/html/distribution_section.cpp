#include "runner/report/html/distribution_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/row_plot.hpp"

namespace joust::report::html {
namespace {

using scoring::Standing;
using scoring::Summary;

constexpr std::size_t kViolins = 60;  // more competitors: boxes alone

// Silverman's bandwidth, in bins.
double bandwidth(const Summary& summary, double bin_width) {
  const double box = summary.q3 - summary.q1;
  double spread = std::isfinite(summary.std) ? summary.std : 0;
  if (box > 0) spread = std::min(spread, box / 1.34);
  const auto count = static_cast<double>(std::max<std::uint64_t>(1, summary.count));
  return std::max(0.8, 0.9 * spread * std::pow(count, -0.2) / bin_width);
}

std::vector<double> smoothed(const std::vector<std::uint64_t>& counts, double sigma) {
  const std::size_t bins = counts.size();
  const auto reach = static_cast<std::size_t>(std::min(3 * sigma + 1, static_cast<double>(bins)));
  std::vector<double> smooth(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    if (counts[i] == 0) continue;
    const std::size_t last = std::min(bins - 1, i + reach);
    for (std::size_t j = i - std::min(i, reach); j <= last; ++j) {
      const double distance = (static_cast<double>(j) - static_cast<double>(i)) / sigma;
      smooth[j] += static_cast<double>(counts[i]) * std::exp(-0.5 * distance * distance);
    }
  }
  return smooth;
}

// The counts smoothed with a Gaussian, scaled to a maximum of 1; 0 where there is no score.
std::vector<double> density(const ScoreShape& shape, const Summary& summary,
                            const ScoreAxis& axis) {
  const double bin_width = (axis.high - axis.low) / static_cast<double>(shape.bins.size());
  std::vector<double> heights = smoothed(shape.bins, bandwidth(summary, bin_width));
  const double first = (summary.min - axis.low) / bin_width - 1;
  const double last = (summary.max - axis.low) / bin_width;
  double most = 0;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const auto at = static_cast<double>(i);
    if (at < first || at > last) heights[i] = 0;
    most = std::max(most, heights[i]);
  }
  for (double& height : heights) height = most > 0 ? height / most : 0;
  return heights;
}

// Mirrored at the row's middle; only every second bin in a narrow drawing.
std::string violin(const std::vector<double>& heights, const Scale& x, const ScoreAxis& axis,
                   double middle, double half, std::size_t stride) {
  std::string upper;
  std::string lower;
  const double bin_width = (axis.high - axis.low) / static_cast<double>(heights.size());
  for (std::size_t i = stride / 2; i < heights.size(); i += stride) {
    const double height = heights[i];
    const bool is_near = height > 0.004 || (i >= stride && heights[i - stride] > 0.004) ||
                         (i + stride < heights.size() && heights[i + stride] > 0.004);
    if (!is_near) continue;
    const std::string at =
        coordinate(x(axis.low + (static_cast<double>(i) + 0.5) * bin_width)) + " ";
    upper += (upper.empty() ? "M" : "L") + at + coordinate(middle - height * half);
    std::string back = "L";
    back += at;
    lower.insert(0, back + coordinate(middle + height * half));
  }
  return upper.empty() ? "" : upper + lower + "z";
}

// From end to end of the axis at most.
std::string box_path(const Summary& s, const Scale& x, double y) {
  const auto at = [&](double value) { return coordinate(x(std::clamp(value, x.low(), x.high()))); };
  const std::string middle = coordinate(y);
  const std::string top = coordinate(y - 5);
  return fmt::format("M{0} {6}H{1}M{3} {6}H{4}M{1} {5}H{3}v10H{1}zM{2} {5}v10", at(s.min), at(s.q1),
                     at(s.median), at(s.q3), at(s.max), top, middle);
}

std::string points_path(const ScoreShape& shape, const Scale& x, double y, double band) {
  std::string path;
  for (std::size_t i = 0; i < shape.points.size(); ++i) {
    const double score = shape.points[i];
    if (score < x.low() || score > x.high()) continue;
    // spread over three lines, so that equal scores can be told apart
    const double lift = static_cast<double>(i % 3) * 3 - 3;
    path += fmt::format("M{} {}h0", coordinate(x(score)), coordinate(y + band / 2 - 6 + lift));
  }
  return path;
}

std::string beyond_text(std::uint64_t count, bool is_left, double end) {
  return is_left ? fmt::format("\u25c2 {} down to {}", grouped(count), score_text(end))
                 : fmt::format("{} up to {} \u25b8", grouped(count), score_text(end));
}

// The scores that lie beyond the ends of the axis.
void draw_beyond(RowPlot& plot, const ScoreShape& shape, const Summary& summary, double y) {
  if (shape.below > 0) {
    plot.svg().text(plot.x().from(), y, beyond_text(shape.below, true, summary.min), "beyond");
  }
  if (shape.above > 0) {
    plot.svg().text(plot.x().to(), y, beyond_text(shape.above, false, summary.max), "beyond",
                    Anchor::end);
  }
}

std::string draw_distributions(const PageData& page, Width width) {
  const std::span<const Standing> ranking = page.plotted();
  const ScoreAxis& axis = page.detail.score_axis;
  const bool wide = width == Width::wide;
  RowPlotText text;
  text.id = "plot-scores";
  text.title = "Distribution of the scores of each competitor";
  const bool has_violins = ranking.size() <= kViolins;
  text.description = fmt::format(
      "One row for each competitor: {}a box from the lower to the upper quartile with a line at "
      "the "
      "median, whiskers to the ends{}. The numbers are in the table below.",
      has_violins ? "a violin for the density of its scores, " : "",
      has_violins ? ", and dots for some of the scores" : "");
  text.axis = "score";
  for (const Standing& standing : ranking) text.labels.push_back(page.names[standing.competitor]);
  const double margin = (axis.high - axis.low) * 0.02;
  RowPlot plot(text, number_axis(axis.low - margin, axis.high + margin, width), width,
               has_violins ? 54 : 26);
  for (std::size_t row = 0; row < ranking.size(); ++row) {
    const Standing& standing = ranking[row];
    if (standing.summary.count == 0 || standing.competitor >= page.detail.scores.size()) continue;
    const ScoreShape& shape = page.detail.scores[standing.competitor];
    const double y = plot.middle(row) - 3;
    if (has_violins) {
      plot.svg().path(violin(density(shape, standing.summary, axis), plot.x(), axis, y,
                             plot.band() / 2 - 6, wide ? 1 : 2),
                      "violin");
      plot.svg().path(points_path(shape, plot.x(), y, plot.band()), "points");
    }
    plot.svg().path(box_path(standing.summary, plot.x(), y), "box");
    draw_beyond(plot, shape, standing.summary, y - 12);
  }
  return plot.svg().finish();
}

void summary_table(std::string& out, const PageData& page) {
  out +=
      "<details class=\"data\"><summary>The numbers</summary><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Scores, table\"><table class=\"sortable\"><caption>Usable "
      "scores of each competitor</caption><thead><tr>";
  sort_header(out, "Competitor", "text");
  for (const char* column : {"Scores", "Mean", "Std", "Min", "25 %", "Median", "75 %", "Max"}) {
    sort_header(out, column, "num");
  }
  out += "</tr></thead><tbody>\n";
  for (const Standing& standing : page.report.standings.ranking) {
    const Summary& s = standing.summary;
    out += "<tr>";
    name_header(out, standing.name);
    number_cell(out, static_cast<double>(s.count), grouped(s.count));
    for (const double value : {s.mean, s.std, s.min, s.q1, s.median, s.q3, s.max}) {
      number_cell(out, value, score_text(value));
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div></details>\n";
}

}  // namespace

void distribution_section(std::string& out, const PageData& page) {
  open_section(out, "scores", "Distribution of scores", "");
  std::uint64_t scores = 0;
  std::uint64_t every = 1;
  for (const Standing& standing : page.report.standings.ranking) {
    scores += standing.summary.count;
    if (standing.competitor < page.detail.scores.size()) {
      every = std::max(every, page.detail.scores[standing.competitor].every);
    }
  }
  if (scores == 0) {
    out += "<p>There is no usable score yet.</p>\n";
  } else {
    const std::string dots =
        every == 1 ? "every score" : fmt::format("every {} score or more often", ordinal(every));
    const bool has_violins = page.report.standings.ranking.size() <= kViolins;
    figure(out,
           fmt::format("All {} usable scores. {}Box: quartiles and median; whiskers: least and "
                       "greatest.{} Where a competitor has scores far off the box, the axis ends "
                       "before them and their number is written at that end.{}",
                       grouped(scores), has_violins ? "Violin: their density, smoothed. " : "",
                       has_violins ? " Dots: " + dots + "." : "", page.plotted_text()),
           [&](Width width) { return draw_distributions(page, width); });
    summary_table(out, page);
  }
  close_section(out);
}

}  // namespace joust::report::html
