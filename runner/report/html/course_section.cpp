#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/scale.hpp"
#include "runner/report/html/time_axis.hpp"
#include "runner/report/html/time_section.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

constexpr double kTop = 22;
constexpr double kPlotHeight = 120;
constexpr double kFoot = 44;

// One number for each bin; nothing where it is not known.
using ValueOf = std::function<std::optional<double>(const SessionTrack&, std::size_t bin)>;

struct Course {
  std::string id;
  std::string title;
  std::string unit;
  ValueOf value;
  std::function<std::string(double)> text;
  double step_base = 1;  // ticks are round numbers times this
};

double most_of(const PageData& page, const Course& course) {
  double most = 0;
  for (const SessionTrack& track : page.detail.sessions) {
    for (std::size_t bin = 0; bin < track.bins_used(); ++bin) {
      most = std::max(most, course.value(track, bin).value_or(0));
    }
  }
  return most;
}

// The area below the values, a step for each bin; broken where nothing is known.
void add_steps(const SessionTrack& track, std::size_t session, const TimeAxis& axis, const Scale& y,
               const ValueOf& value, std::string& area, std::string& edge) {
  const std::string bottom = coordinate(y.from());
  bool is_open = false;
  std::string right;
  for (std::size_t bin = 0; bin < track.bins_used(); ++bin) {
    const std::optional<double> here = value(track, bin);
    const auto start = static_cast<std::int64_t>(bin) * track.bin_width();
    if (!here) {
      if (is_open) area += "V" + bottom + "z";
      is_open = false;
      continue;
    }
    const std::string left = coordinate(axis.x(session, start));
    const std::string top = coordinate(y(*here));
    right = coordinate(axis.x(session, start + track.bin_length(bin)));
    area += (is_open ? "V" + top : "M" + left + " " + bottom + "V" + top) + "H" + right;
    edge += (is_open ? "V" + top : "M" + left + " " + top) + "H" + right;
    is_open = true;
  }
  if (is_open) area += "V" + bottom + "z";
}

std::string draw_course(const PageData& page, const Course& course, double most, Width width) {
  const bool wide = width == Width::wide;
  const double bottom = kTop + kPlotHeight;
  const TimeAxis axis(page.detail.sessions, wide ? 92 : 70, canvas_width(width) - 12);
  const double high = most > 0 ? most * 1.08 : 1;
  const Scale y = Scale::linear(0, high, bottom, kTop);
  Svg svg(course.id, width, bottom + kFoot, course.title + " over time",
          fmt::format("{}, at most {} {}.", course.title, course.text(most), course.unit));
  for (const Tick& tick : number_ticks(0, high / course.step_base, 3)) {
    const double value = tick.value * course.step_base;
    svg.line(axis.from(), y(value), axis.to(), y(value), "grid");
    svg.text(axis.from() - 8, y(value) + 4, course.text(value), "tick", Anchor::end);
  }
  std::string area;
  std::string edge;
  for (std::size_t i = 0; i < page.detail.sessions.size(); ++i) {
    add_steps(page.detail.sessions[i], i, axis, y, course.value, area, edge);
  }
  svg.path(area, "area");
  svg.path(edge, "edge");
  axis.draw(svg, kTop, bottom, wide ? 8 : 4);
  svg.text((axis.from() + axis.to()) / 2, bottom + 37, "time in which joust ran", "axis-name",
           Anchor::middle);
  return svg.finish();
}

void course_figure(std::string& out, const PageData& page, const Course& course,
                   std::string_view without) {
  out += fmt::format("<h3>{}</h3>\n", escape(course.title));
  if (!without.empty()) {
    out += fmt::format("<p class=\"note\">{}</p>\n", without);
    return;
  }
  const double most = most_of(page, course);
  figure(out,
         fmt::format("{}; at most {}{}{}.", escape(course.unit), escape(course.text(most)),
                     course.unit.starts_with("worlds") ? " worlds per second" : "", ""),
         [&](Width width) { return draw_course(page, course, most, width); });
}

// The last bin is mostly a fragment; its rate is taken over the bin before as well.
std::optional<double> rate(const SessionTrack& track, std::size_t bin,
                           std::uint64_t MomentBin::*count) {
  auto millis = static_cast<double>(track.bin_length(bin));
  auto worlds = static_cast<double>(track.moments()[bin].*count);
  if (millis < static_cast<double>(track.bin_width()) && bin > 0) {
    millis += static_cast<double>(track.bin_width());
    worlds += static_cast<double>(track.moments()[bin - 1].*count);
  }
  return millis > 0 ? std::optional(worlds * 1000 / millis) : std::nullopt;
}

Course throughput(std::uint64_t MomentBin::*count) {
  return {"plot-rate",
          "Throughput",
          "worlds per second",
          [count](const SessionTrack& track, std::size_t bin) { return rate(track, bin, count); },
          human_rate,
          1};
}

Course memory(double step_base) {
  return {
      "plot-memory",
      "Memory",
      "resident memory of joust and its workers, the most of each bin",
      [](const SessionTrack& track, std::size_t bin) -> std::optional<double> {
        const MomentBin& moment = track.moments()[bin];
        if (moment.samples == 0) return {};
        return static_cast<double>(moment.rss);
      },
      [](double bytes) { return human_bytes(static_cast<std::uint64_t>(std::max(bytes, 0.0))); },
      step_base};
}

Course load() {
  return {"plot-load",
          "Load",
          "load average of the machine, mean of each bin",
          [](const SessionTrack& track, std::size_t bin) -> std::optional<double> {
            const MomentBin& moment = track.moments()[bin];
            if (moment.samples == 0) return {};
            return moment.load_sum / static_cast<double>(moment.samples);
          },
          [](double value) { return fmt::format("{:.4g}", value); },
          1};
}

// The largest power of 1024 in it: ticks are round numbers of it.
double byte_unit(double bytes) {
  double unit = 1;
  while (unit * 1024 <= bytes) unit *= 1024;
  return unit;
}

}  // namespace

void course_section(std::string& out, const PageData& page) {
  open_section(out, "course", "Throughput, memory and load", "");
  const RunDetail& detail = page.detail;
  if (detail.sessions.empty()) {
    out += "<p>The journal has no session: nothing is known about the course of time.</p>\n";
    close_section(out);
    return;
  }
  const bool by_journal = detail.placed > 0;
  course_figure(out, page, throughput(by_journal ? &MomentBin::accepted : &MomentBin::sampled_done),
                by_journal || detail.samples > 1
                    ? ""
                    : "Neither the journal nor events.jsonl say when worlds were done.");
  const std::string_view without =
      detail.samples > 0 ? "" : "There are no samples in events.jsonl, so nothing is known of it.";
  const double most = most_of(page, memory(1));
  course_figure(out, page, memory(byte_unit(most)), without);
  course_figure(out, page, load(), without);
  std::uint64_t available = 0;
  bool is_known = false;
  for (const SessionTrack& track : detail.sessions) {
    for (const MomentBin& bin : track.moments()) {
      if (bin.samples == 0 || bin.available == 0) continue;
      available = is_known ? std::min(available, bin.available) : bin.available;
      is_known = true;
    }
  }
  if (is_known) {
    out += fmt::format("<p>The machine's available memory was never below {}.</p>\n",
                       human_bytes(available));
  }
  close_section(out);
}

}  // namespace joust::report::html
