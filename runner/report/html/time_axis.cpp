#include "runner/report/html/time_axis.hpp"

#include <algorithm>

#include "runner/report/html/scale.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

constexpr double kGap = 14;
constexpr double kMostOfGaps = 0.25;    // of the width
constexpr double kRoomOfGapLabel = 90;  // between two that are labelled

}  // namespace

TimeAxis::TimeAxis(const std::vector<SessionTrack>& sessions, double from, double to)
    : sessions_(sessions), from_(from), to_(to) {
  const double gaps = static_cast<double>(sessions.size() - 1);
  gap_ = gaps > 0 ? std::min(kGap, (to - from) * kMostOfGaps / gaps) : 0;
  for (const SessionTrack& track : sessions) active_ += static_cast<double>(track.length());
  per_milli_ = (to - from - gaps * gap_) / active_;
  double start = from;
  for (const SessionTrack& track : sessions) {
    starts_.push_back(start);
    start += static_cast<double>(track.length()) * per_milli_ + gap_;
  }
}

double TimeAxis::x(std::size_t session, std::int64_t offset) const {
  return starts_[session] + static_cast<double>(offset) * per_milli_;
}

double TimeAxis::at_active(double millis) const {
  double left = millis;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    const auto length = static_cast<double>(sessions_[i].length());
    if (left <= length || i + 1 == sessions_.size()) return starts_[i] + left * per_milli_;
    left -= length;
  }
  return to_;
}

void TimeAxis::draw(Svg& svg, double top, double bottom, int ticks) const {
  std::string grid;
  for (const Tick& tick : time_ticks(active_ / 1000, ticks)) {
    const double x = at_active(tick.value * 1000);
    grid += "M" + coordinate(x) + " " + coordinate(top) + "V" + coordinate(bottom);
    const bool is_first = tick.value == 0;
    svg.text(x, bottom + 17, tick.label, "tick", is_first ? Anchor::start : Anchor::middle);
  }
  svg.path(grid, "grid");
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    svg.line(begin(i), bottom, end(i), bottom, "axis");
  }
  draw_gaps(svg, top, bottom);
}

void TimeAxis::draw_gaps(Svg& svg, double top, double bottom) const {
  std::string lines;
  double labelled = from_ - kRoomOfGapLabel;
  for (std::size_t i = 0; i + 1 < sessions_.size(); ++i) {
    const double middle = (end(i) + begin(i + 1)) / 2;
    lines += "M" + coordinate(middle) + " " + coordinate(top) + "V" + coordinate(bottom);
    if (middle - labelled < kRoomOfGapLabel) continue;
    labelled = middle;
    const auto missing =
        static_cast<double>(sessions_[i + 1].session().started - sessions_[i].session().started -
                            sessions_[i].length());
    const bool is_late = middle > to_ - kRoomOfGapLabel / 2;
    svg.text(middle, top - 5, missing > 0 ? human_seconds(missing / 1000) + " pause" : "pause",
             "gap-name", is_late ? Anchor::end : Anchor::middle);
  }
  svg.path(lines, "gap");
}

}  // namespace joust::report::html
