#include "runner/report/html/duration_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/scale.hpp"
#include "runner/report/html/svg.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

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
