#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

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
constexpr double kMoments = 120;
constexpr double kSampleMoment = 1000;  // milliseconds: how far samples are apart
constexpr double kFewestMoments = 20;   // of results, whose times are known to the millisecond

// Some neighbouring bins of a session.
struct Moment {
  std::int64_t begin = 0;  // milliseconds from the session's start
  std::int64_t length = 0;
  MomentBin bin;
};

// One number for each moment; nothing where it is not known.
using ValueOf = std::function<std::optional<double>(const Moment&)>;

struct Course {
  std::string id;
  std::string title;
  std::string unit;
  ValueOf value;
  std::function<std::string(double)> text;
  double tick_base = 1;  // ticks are round numbers times this
  std::string tick_unit = {};
};

// The sessions in moments, about kMoments in all.
using Moments = std::vector<std::vector<Moment>>;

// `shortest`: in milliseconds.
Moments moments_of(const std::vector<SessionTrack>& sessions, double shortest) {
  const double active = TimeAxis(sessions, 0, 1).active();
  Moments moments;
  for (const SessionTrack& track : sessions) {
    const double wanted = std::max(shortest, active / kMoments);
    const auto width = static_cast<double>(track.bin_width());
    const auto together = static_cast<std::size_t>(std::max(1.0, std::ceil(wanted / width)));
    std::vector<Moment>& row = moments.emplace_back();
    for (std::size_t bin = 0; bin < track.bins_used(); bin += together) {
      const std::size_t end = std::min(bin + together, track.bins_used());
      Moment moment;
      moment.begin = static_cast<std::int64_t>(bin) * track.bin_width();
      moment.length = static_cast<std::int64_t>(end - 1) * track.bin_width() +
                      track.bin_length(end - 1) - moment.begin;
      moment.bin = track.moment(bin, end);
      // a fragment at the end would give a rate over next to no time
      if (!row.empty() && 2 * moment.length < row.back().length) {
        row.back().length += moment.length;
        row.back().bin = track.moment(bin - together, end);
      } else {
        row.push_back(moment);
      }
    }
  }
  return moments;
}

double most_of(const Moments& moments, const Course& course) {
  double most = 0;
  for (const std::vector<Moment>& row : moments) {
    for (const Moment& moment : row) most = std::max(most, course.value(moment).value_or(0));
  }
  return most;
}

// The area below the values, a step for each moment; broken where nothing is known for longer than
// one of them.
class Steps {
 public:
  Steps(const TimeAxis& axis, const Scale& y) : axis_(axis), y_(y) {}

  void add(std::size_t session, const std::vector<Moment>& row, const ValueOf& value) {
    std::optional<double> held;
    for (const Moment& moment : row) {
      const std::optional<double> here = value(moment);
      const std::optional<double> shown = here ? here : held;
      held = here;
      if (shown) {
        step(axis_.x(session, moment.begin), axis_.x(session, moment.begin + moment.length),
             y_(*shown));
      } else {
        close();
      }
    }
    close();
  }

  const std::string& area() const { return area_; }
  const std::string& edge() const { return edge_; }

 private:
  void step(double left, double right, double top) {
    const std::string rise = "V" + coordinate(top);
    const std::string start = "M" + coordinate(left) + " ";
    area_ += (is_open_ ? "" : start + coordinate(y_.from())) + rise + "H" + coordinate(right);
    edge_ += (is_open_ ? rise : start + coordinate(top)) + "H" + coordinate(right);
    is_open_ = true;
  }

  void close() {
    if (is_open_) area_ += "V" + coordinate(y_.from()) + "z";
    is_open_ = false;
  }

  const TimeAxis& axis_;
  const Scale& y_;
  std::string area_;
  std::string edge_;
  bool is_open_ = false;
};

std::string draw_course(const PageData& page, const Moments& moments, const Course& course,
                        double most, Width width) {
  const bool wide = width == Width::wide;
  const double bottom = kTop + kPlotHeight;
  const TimeAxis axis(page.detail.sessions, wide ? 92 : 70, canvas_width(width) - 12);
  const double high = most > 0 ? most * 1.08 : 1;
  const Scale y = Scale::linear(0, high, bottom, kTop);
  Svg svg(course.id, width, bottom + kFoot, course.title + " over time",
          fmt::format("{}; at most {}.", course.unit, course.text(most)));
  for (const Tick& tick : number_ticks(0, high / course.tick_base, 3)) {
    const double value = tick.value * course.tick_base;
    svg.line(axis.from(), y(value), axis.to(), y(value), "grid");
    svg.text(axis.from() - 8, y(value) + 4, value == 0 ? "0" : tick.label + course.tick_unit,
             "tick", Anchor::end);
  }
  axis.draw(svg, kTop, bottom, wide ? 8 : 4);
  Steps steps(axis, y);
  for (std::size_t i = 0; i < moments.size(); ++i) steps.add(i, moments[i], course.value);
  svg.path(steps.area(), "area");
  svg.path(steps.edge(), "edge");
  svg.text((axis.from() + axis.to()) / 2, bottom + 37, "time in which joust ran", "axis-name",
           Anchor::middle);
  return svg.finish();
}

void course_figure(std::string& out, const PageData& page, const Moments& moments,
                   const Course& course, std::string_view without) {
  out += fmt::format("<h3>{}</h3>\n", escape(course.title));
  if (!without.empty()) {
    out += fmt::format("<p class=\"note\">{}</p>\n", without);
    return;
  }
  const double most = most_of(moments, course);
  figure(out, fmt::format("{}; at most {}.", escape(course.unit), escape(course.text(most))),
         [&](Width width) { return draw_course(page, moments, course, most, width); });
}

// Of few samples the numbers say more than a plot.
void sampled_figure(std::string& out, const PageData& page, const Moments& moments,
                    const Course& course) {
  constexpr std::uint64_t kFewestSamples = 3;
  const std::uint64_t samples = page.detail.samples;
  std::string without;
  if (samples == 0) {
    without = "There are no samples in events.jsonl, so nothing is known of it.";
  } else if (samples < kFewestSamples) {
    without =
        fmt::format("{}; at most {}. {} in events.jsonl: too few for a plot.", escape(course.unit),
                    escape(course.text(most_of(moments, course))), grouped(samples, "sample"));
  }
  course_figure(out, page, moments, course, without);
}

Course throughput(std::uint64_t MomentBin::*count) {
  return {"plot-rate", "Throughput", "Worlds per second",
          [count](const Moment& moment) -> std::optional<double> {
            return static_cast<double>(moment.bin.*count) * 1000 /
                   static_cast<double>(std::max<std::int64_t>(1, moment.length));
          },
          human_rate};
}

// The largest power of 1024 in it, and its name.
std::pair<double, std::string> byte_unit(double bytes) {
  std::pair<double, std::string> unit(1, " B");
  for (const char* name : {" KiB", " MiB", " GiB", " TiB"}) {
    if (unit.first * 1024 > bytes) break;
    unit = {unit.first * 1024, name};
  }
  return unit;
}

Course memory(const Moments& moments) {
  Course course{"plot-memory", "Memory",
                "Resident memory of joust and its workers, the most of each moment",
                [](const Moment& moment) -> std::optional<double> {
                  if (moment.bin.samples == 0) return {};
                  return static_cast<double>(moment.bin.rss);
                },
                [](double bytes) { return human_bytes(static_cast<std::uint64_t>(bytes)); }};
  std::tie(course.tick_base, course.tick_unit) = byte_unit(most_of(moments, course));
  return course;
}

Course load() {
  return {"plot-load", "Load", "Load average of the machine, mean of each moment",
          [](const Moment& moment) -> std::optional<double> {
            if (moment.bin.samples == 0) return {};
            return moment.bin.load_sum / static_cast<double>(moment.bin.samples);
          },
          [](double value) { return fmt::format("{:.3g}", value); }};
}

// The least memory that the machine had left; nothing when no sample says it.
std::optional<std::uint64_t> least_available(const Moments& moments) {
  std::optional<std::uint64_t> least;
  for (const std::vector<Moment>& row : moments) {
    for (const Moment& moment : row) {
      if (moment.bin.available == 0) continue;
      least = std::min(least.value_or(moment.bin.available), moment.bin.available);
    }
  }
  return least;
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
  const double active = TimeAxis(detail.sessions, 0, 1).active();
  course_figure(
      out, page,
      moments_of(detail.sessions,
                 by_journal ? std::min(kSampleMoment, active / kFewestMoments) : kSampleMoment),
      throughput(by_journal ? &MomentBin::accepted : &MomentBin::sampled_done),
      by_journal || detail.samples > 1
          ? ""
          : "Neither the journal nor events.jsonl say when worlds were done.");
  const Moments moments = moments_of(detail.sessions, kSampleMoment);
  sampled_figure(out, page, moments, memory(moments));
  sampled_figure(out, page, moments, load());
  if (const std::optional<std::uint64_t> least = least_available(moments)) {
    out += fmt::format("<p>The machine's available memory was never below {}.</p>\n",
                       human_bytes(*least));
  }
  close_section(out);
}

}  // namespace joust::report::html
