#include "runner/report/html/distribution_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/row_plot.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

using scoring::Standing;
using scoring::Summary;

// The counts smoothed with a Gaussian of Silverman's bandwidth, scaled to a maximum of 1.
std::vector<double> density(const ScoreShape& shape, const Summary& summary,
                            const ScoreAxis& axis) {
  const std::size_t bins = shape.bins.size();
  const double bin_width = (axis.high - axis.low) / static_cast<double>(bins);
  const double box = summary.q3 - summary.q1;
  double spread = std::isfinite(summary.std) ? summary.std : 0;
  if (box > 0) spread = std::min(spread, box / 1.34);
  const double count = static_cast<double>(std::max<std::uint64_t>(1, summary.count));
  const double sigma = std::max(0.8, 0.9 * spread * std::pow(count, -0.2) / bin_width);
  const auto reach = static_cast<std::size_t>(std::min(3 * sigma + 1, static_cast<double>(bins)));
  std::vector<double> smooth(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    if (shape.bins[i] == 0) continue;
    const std::size_t last = std::min(bins - 1, i + reach);
    for (std::size_t j = i > reach ? i - reach : 0; j <= last; ++j) {
      const double distance = (static_cast<double>(j) - static_cast<double>(i)) / sigma;
      smooth[j] += static_cast<double>(shape.bins[i]) * std::exp(-0.5 * distance * distance);
    }
  }
  // nothing is shown where there is no score
  const auto bin_of = [&](double score) { return (score - axis.low) / bin_width; };
  for (std::size_t i = 0; i < bins; ++i) {
    const auto at = static_cast<double>(i);
    if (at + 1 < bin_of(summary.min) || at > bin_of(summary.max)) smooth[i] = 0;
  }
  const double most = smooth.empty() ? 0 : *std::max_element(smooth.begin(), smooth.end());
  if (most > 0) {
    for (double& value : smooth) value /= most;
  }
  return smooth;
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

std::string draw_distributions(const PageData& page, Width width) {
  const auto& ranking = page.report.standings.ranking;
  const ScoreAxis& axis = page.detail.score_axis;
  const bool wide = width == Width::wide;
  RowPlotText text;
  text.id = "plot-scores";
  text.title = "Distribution of the scores of each competitor";
  text.description =
      "One row for each competitor: a violin for the density of its scores, a box from the lower "
      "to "
      "the upper quartile with a line at the median, whiskers to the ends, and dots for some of "
      "the "
      "scores. The numbers are in the table below.";
  text.axis = "score";
  for (const Standing& standing : ranking) text.labels.push_back(page.names[standing.competitor]);
  const double margin = (axis.high - axis.low) * 0.02;
  RowPlot plot(text, number_axis(axis.low - margin, axis.high + margin, width), width, 54);
  for (std::size_t row = 0; row < ranking.size(); ++row) {
    const Standing& standing = ranking[row];
    if (standing.summary.count == 0 || standing.competitor >= page.detail.scores.size()) continue;
    const ScoreShape& shape = page.detail.scores[standing.competitor];
    const double y = plot.middle(row) - 3;
    plot.svg().path(violin(density(shape, standing.summary, axis), plot.x(), axis, y,
                           plot.band() / 2 - 6, wide ? 1 : 2),
                    "violin");
    plot.svg().path(points_path(shape, plot.x(), y, plot.band()), "points");
    plot.svg().path(box_path(standing.summary, plot.x(), y), "box");
    if (shape.below > 0) {
      plot.svg().text(plot.x().from(), y - 12, beyond_text(shape.below, true, standing.summary.min),
                      "beyond");
    }
    if (shape.above > 0) {
      plot.svg().text(plot.x().to(), y - 12, beyond_text(shape.above, false, standing.summary.max),
                      "beyond", Anchor::end);
    }
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
    out += fmt::format("<tr><th scope=\"row\" class=\"name\" data-value=\"{0}\">{0}</th>",
                       escape(standing.name));
    number_cell(out, static_cast<double>(s.count), grouped(s.count));
    for (const double value : {s.mean, s.std, s.min, s.q1, s.median, s.q3, s.max}) {
      number_cell(out, value, score_text(value));
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div></details>\n";
}

double bin_start(std::size_t bin) {
  return DurationShape::kShortest *
         std::pow(10.0, static_cast<double>(bin) / DurationShape::kPerDecade);
}

struct BinRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

BinRange used_bins(const DurationShape& shape) {
  BinRange range;
  const auto used = [](std::uint64_t count) { return count > 0; };
  const auto first = std::find_if(shape.bins.begin(), shape.bins.end(), used);
  const auto last = std::find_if(shape.bins.rbegin(), shape.bins.rend(), used);
  range.first = static_cast<std::size_t>(first - shape.bins.begin());
  range.last = static_cast<std::size_t>(shape.bins.rend() - last) - 1;
  // half a decade at least: a single bar over the whole width says nothing
  while (range.last - range.first < DurationShape::kPerDecade / 2) {
    if (range.first > 0) --range.first;
    if (range.last + 1 < shape.bins.size()) ++range.last;
  }
  return range;
}

std::vector<Tick> duration_ticks(double low, double high, Width width) {
  std::vector<Tick> ticks;
  const bool is_short = std::log10(high / low) < (width == Width::wide ? 3 : 1.5);
  const std::vector<double> factors =
      is_short ? std::vector<double>{1, 2, 5} : std::vector<double>{1};
  const int step = !is_short && width == Width::narrow && std::log10(high / low) > 5 ? 2 : 1;
  for (int decade = -7; decade <= 7; decade += step) {
    for (const double factor : factors) {
      const double value = factor * std::pow(10.0, decade);
      if (value < low * 0.999 || value > high * 1.001) continue;
      ticks.push_back({value, seconds_text(value)});
    }
  }
  return ticks;
}

std::string draw_durations(const DurationShape& shape, Width width) {
  const bool wide = width == Width::wide;
  const double height = wide ? 260 : 230;
  const double bottom = height - 44;
  const BinRange range = used_bins(shape);
  const double low = bin_start(range.first);
  const double high = bin_start(range.last + 1);
  const auto most = static_cast<double>(*std::max_element(shape.bins.begin(), shape.bins.end()));
  const Scale x = Scale::logarithmic(low, high, wide ? 64 : 48, canvas_width(width) - 16);
  const Scale y = Scale::linear(0, most * 1.05, bottom, 12);
  Svg svg("plot-durations", width, height, "Durations of worlds",
          fmt::format("A histogram over a logarithmic axis: {} worlds between {} and {}.",
                      grouped(shape.worlds), seconds_text(shape.shortest),
                      seconds_text(shape.longest)));
  for (const Tick& tick : number_ticks(0, most * 1.05, wide ? 5 : 4)) {
    if (tick.value != std::floor(tick.value)) continue;
    svg.line(x.from(), y(tick.value), x.to(), y(tick.value), "grid");
    svg.text(x.from() - 8, y(tick.value) + 4, grouped(static_cast<std::uint64_t>(tick.value)),
             "tick", Anchor::end);
  }
  for (std::size_t bin = range.first; bin <= range.last; ++bin) {
    if (shape.bins[bin] == 0) continue;
    const double left = x(bin_start(bin)) + 0.75;
    const double right = x(bin_start(bin + 1)) - 0.75;
    const double top = std::min(y(static_cast<double>(shape.bins[bin])), bottom - 1);
    svg.rect(left, top, right - left, bottom - top, "bar",
             fmt::format("{} to {}: {}", seconds_text(bin_start(bin)),
                         seconds_text(bin_start(bin + 1)), counted(shape.bins[bin], "world")));
  }
  for (const Tick& tick : duration_ticks(low, high, width)) {
    svg.line(x(tick.value), bottom, x(tick.value), bottom + 5, "axis");
    svg.text(x(tick.value), bottom + 18, tick.label, "tick", Anchor::middle);
  }
  svg.line(x.from(), bottom, x.to(), bottom, "axis");
  svg.text((x.from() + x.to()) / 2, height - 6, "time to play a world (logarithmic)", "axis-name",
           Anchor::middle);
  return svg.finish();
}

// The upper end of the bin that holds the quantile.
double rough_quantile(const DurationShape& shape, double q) {
  const double wanted = q * static_cast<double>(shape.worlds);
  double seen = 0;
  for (std::size_t bin = 0; bin < shape.bins.size(); ++bin) {
    seen += static_cast<double>(shape.bins[bin]);
    if (seen >= wanted) return std::min(bin_start(bin + 1), shape.longest);
  }
  return shape.longest;
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
        every == 1 ? "every score" : fmt::format("every {}th score or more often", every);
    figure(out,
           fmt::format("All {} usable scores. Violin: their density, smoothed. Box: quartiles and "
                       "median; whiskers: least and greatest. Dots: {}. Where a competitor has "
                       "scores far off the box, the axis ends before them and their number is "
                       "written at that end.",
                       grouped(scores), dots),
           [&](Width width) { return draw_distributions(page, width); });
    summary_table(out, page);
  }
  close_section(out);
}

void duration_section(std::string& out, const PageData& page) {
  const DurationShape& shape = page.detail.durations;
  if (shape.worlds == 0 || !(shape.longest > 0)) {
    open_section(out, "durations", "Durations of worlds", "");
    out += "<p>No world has a time yet.</p>\n";
    close_section(out);
    return;
  }
  open_section(out, "durations", "Durations of worlds",
               fmt::format("{}: about {} in the median, 95 % within about {}; shortest {}, longest "
                           "{}. {} of work in all.",
                           grouped(shape.worlds) + (shape.worlds == 1 ? " world" : " worlds"),
                           seconds_text(rough_quantile(shape, 0.5)),
                           seconds_text(rough_quantile(shape, 0.95)), seconds_text(shape.shortest),
                           seconds_text(shape.longest), seconds_text(shape.total)));
  figure(out, "Counted worlds only; the time that the worker took to play each.",
         [&](Width width) { return draw_durations(shape, width); });
  close_section(out);
}

}  // namespace joust::report::html
