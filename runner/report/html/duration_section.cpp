#include "runner/report/html/duration_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/scale.hpp"
#include "runner/report/html/svg.hpp"

namespace joust::report::html {
namespace {

constexpr std::size_t kBarsPerDecade = 8;
constexpr std::size_t kTogether = DurationShape::kPerDecade / kBarsPerDecade;  // bins in a bar
static_assert(DurationShape::kPerDecade % kBarsPerDecade == 0);

double bar_start(std::size_t bar) { return DurationShape::bin_start(bar * kTogether); }

std::vector<std::uint64_t> bars_of(const DurationShape& shape) {
  std::vector<std::uint64_t> bars(DurationShape::kBins / kTogether);
  for (std::size_t bin = 0; bin < shape.bins.size(); ++bin)
    bars[bin / kTogether] += shape.bins[bin];
  return bars;
}

struct BarRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

BarRange used_bars(const std::vector<std::uint64_t>& bars) {
  BarRange range;
  const auto used = [](std::uint64_t count) { return count > 0; };
  const auto first = std::find_if(bars.begin(), bars.end(), used);
  const auto last = std::find_if(bars.rbegin(), bars.rend(), used);
  range.first = static_cast<std::size_t>(first - bars.begin());
  range.last = static_cast<std::size_t>(bars.rend() - last) - 1;
  // half a decade at least: a single bar over the whole width says nothing
  while (range.last - range.first < kBarsPerDecade / 2) {
    if (range.first > 0) --range.first;
    if (range.last + 1 < bars.size()) ++range.last;
  }
  return range;
}

// The first bar has what is shorter than any other, the last one what is longer.
std::string bar_text(std::size_t bar, std::size_t bars) {
  if (bar == 0) return "less than " + seconds_text(bar_start(1));
  if (bar + 1 == bars) return seconds_text(bar_start(bar)) + " or more";
  return fmt::format("{} to {}", seconds_text(bar_start(bar)), seconds_text(bar_start(bar + 1)));
}

// At powers of ten, and between them where there are few.
std::vector<Tick> duration_ticks(double low, double high, Width width) {
  const double decades = std::log10(high / low);
  const bool is_short = decades < (width == Width::wide ? 3 : 1.5);
  const std::vector<double> factors = decades < 1 ? std::vector<double>{1, 1.5, 2, 3, 5, 7}
                                      : is_short  ? std::vector<double>{1, 2, 5}
                                                  : std::vector<double>{1};
  const int step = !is_short && width == Width::narrow && decades > 5 ? 2 : 1;
  std::vector<Tick> ticks;
  for (int decade = -8; decade <= 7; decade += step) {
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
  const std::vector<std::uint64_t> bars = bars_of(shape);
  const BarRange range = used_bars(bars);
  const double low = bar_start(range.first);
  const double high = bar_start(range.last + 1);
  const auto most = static_cast<double>(*std::max_element(bars.begin(), bars.end()));
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
  for (std::size_t bar = range.first; bar <= range.last; ++bar) {
    if (bars[bar] == 0) continue;
    const double left = x(bar_start(bar)) + 0.75;
    const double right = x(bar_start(bar + 1)) - 0.75;
    const double top = std::min(y(static_cast<double>(bars[bar])), bottom - 1);
    svg.rect(left, top, right - left, bottom - top, "bar",
             bar_text(bar, bars.size()) + ": " + grouped(bars[bar], "world"));
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
                           grouped(shape.worlds, "world"), seconds_text(shape.quantile(0.5)),
                           seconds_text(shape.quantile(0.95)), seconds_text(shape.shortest),
                           seconds_text(shape.longest), seconds_text(shape.total)));
  figure(out, "Counted worlds only; the time that the worker took to play each.",
         [&](Width width) { return draw_durations(shape, width); });
  close_section(out);
}

}  // namespace joust::report::html
