#include "runner/report/html/timeline_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "runner/report/html/time_axis.hpp"
#include "runner/report/html/timeline_words.hpp"

namespace joust::report::html {
namespace {

constexpr std::size_t kMostRows = 48;
constexpr std::size_t kMostAttempts = 600;  // each drawn by itself
// In the wide drawing; half as many in the narrow one.
constexpr std::size_t kMostTooltips = 800;  // of what was played
constexpr std::size_t kMostMarks = 600;
constexpr std::size_t kWidestStride = 512;  // bins with one tooltip
constexpr std::size_t kLevels = 6;          // no worker, idle, and four of being busy
constexpr double kNarrowLabels = 58;
constexpr double kWideLabels = 92;
constexpr double kTop = 22;

// Some neighbouring bins [begin, end) of a lane in a session.
struct Stretch {
  std::size_t lane = 0;
  std::size_t session = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  SlotBin sum;
};

enum class MarkKind { retried, failed, died };

struct Mark {
  MarkKind kind = MarkKind::died;
  std::string x_y;
  std::string title;
};

SlotBin lane_bin(const SessionTrack& track, const Lane& lane, std::size_t bin) {
  SlotBin sum;
  for (const SlotIndex slot : lane.slots) {
    const auto found = track.slots().find(slot);
    if (found != track.slots().end()) merge_beside(sum, found->second[bin]);
  }
  return sum;
}

// 0: no worker; 1: idle; up to kLevels - 1: busy all the time.
std::size_t busy_level(const SlotBin& bin, double whole) {
  const double share = whole > 0 ? bin.busy / whole : 0;
  if (share < 0.01) return bin.alive > 0 ? 1 : 0;
  return 2 + static_cast<std::size_t>(std::min(3.0, std::floor(share * 4)));
}

class Timeline {
 public:
  Timeline(const std::vector<SessionTrack>& sessions, const std::vector<Lane>& lanes, Width width)
      : sessions_(sessions),
        lanes_(lanes),
        row_(std::clamp(360.0 / static_cast<double>(lanes.size()), 9.0, 24.0)),
        bottom_(kTop + row_ * static_cast<double>(lanes.size())),
        wide_(width == Width::wide),
        axis_(sessions, wide_ ? kWideLabels : kNarrowLabels, canvas_width(width) - 12),
        svg_("plot-slots", width, bottom_ + 44, "Timeline of the slots",
             "One row for each slot of the pool, over the time of the run, with what it played. "
             "Marks show workers that died, attempts that failed and those that were made again. "
             "The totals of each slot are in the table below.") {}

  std::string draw() {
    axis_.draw(svg_, kTop, bottom_, wide_ ? 8 : 4);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) draw_name(lane);
    const bool each = shows_each_attempt(sessions_, lanes_);
    draw_cells(each);
    if (each) {
      draw_attempts();
    } else {
      draw_tooltips();
    }
    draw_marks();
    svg_.text((axis_.from() + axis_.to()) / 2, bottom_ + 37, "time in which joust ran", "axis-name",
              Anchor::middle);
    return svg_.finish();
  }

 private:
  std::size_t most(std::size_t in_wide) const { return wide_ ? in_wide : in_wide / 2; }
  double top(std::size_t lane) const { return kTop + static_cast<double>(lane) * row_; }

  void draw_name(std::size_t lane) {
    // names of thin rows would overlap
    const auto every = static_cast<std::size_t>(std::ceil(13 / row_));
    if (lane % every != 0) return;
    svg_.text(axis_.from() - 10, top(lane) + row_ / 2 + 4, lanes_[lane].name, "label", Anchor::end);
  }

  // `stride` bins at a time.
  template <class Visit>
  void for_each_stretch(std::size_t stride, const Visit& visit) const {
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      for (std::size_t session = 0; session < sessions_.size(); ++session) {
        const SessionTrack& track = sessions_[session];
        const std::size_t used = track.bins_used();
        for (std::size_t begin = 0; begin < used; begin += stride) {
          const std::size_t end = std::min(begin + stride, used);
          Stretch stretch{lane, session, begin, end, lane_bin(track, lanes_[lane], begin)};
          for (std::size_t bin = begin + 1; bin < end; ++bin) {
            merge_later(stretch.sum, lane_bin(track, lanes_[lane], bin));
          }
          visit(stretch);
        }
      }
    }
  }

  std::string rectangle(std::size_t lane, double left, double right) const {
    return fmt::format("M{} {}H{}v{}H{}z", coordinate(left), coordinate(top(lane) + 1),
                       coordinate(right), coordinate(row_ - 2), coordinate(left));
  }

  std::int64_t offset(std::size_t session, std::size_t bin) const {
    const SessionTrack& track = sessions_[session];
    return std::min(track.length(), static_cast<std::int64_t>(bin) * track.bin_width());
  }
  double left(const Stretch& stretch) const {
    return axis_.x(stretch.session, offset(stretch.session, stretch.begin));
  }
  double right(const Stretch& stretch) const {
    return axis_.x(stretch.session, offset(stretch.session, stretch.end));
  }

  // A thick line is a shorter text than a rectangle.
  std::string bar(const Stretch& stretch) const {
    return fmt::format("M{} {}H{}", coordinate(left(stretch)),
                       coordinate(top(stretch.lane) + row_ / 2), coordinate(right(stretch)));
  }

  std::size_t level_of(const Stretch& stretch, bool only_alive) const {
    if (only_alive) return stretch.sum.alive > 0 ? 1 : 0;
    const auto length = static_cast<double>(sessions_[stretch.session].bin_length(stretch.begin));
    return busy_level(stretch.sum, length * static_cast<double>(lanes_[stretch.lane].slots.size()));
  }

  // Neighbours that are equally busy become one rectangle.
  void draw_cells(bool only_alive) {
    std::array<std::string, kLevels> cells;
    Stretch open;
    std::size_t level = 0;
    const auto close = [&] {
      if (level > 0) cells[level] += bar(open);
    };
    for_each_stretch(1, [&](const Stretch& bin) {
      const std::size_t here = level_of(bin, only_alive);
      const bool goes_on = bin.lane == open.lane && bin.session == open.session &&
                           bin.begin == open.end && here == level;
      if (!goes_on) {
        close();
        open = bin;
        level = here;
      }
      open.end = bin.end;
    });
    close();
    svg_.open_group("bars", row_ - 2);
    for (std::size_t i = 1; i < kLevels; ++i) svg_.path(cells[i], fmt::format("b{}", i - 1));
    svg_.close_group();
  }

  void draw_attempts() {
    constexpr double kThinnest = 1.5;
    for (std::size_t session = 0; session < sessions_.size(); ++session) {
      const SessionTrack& track = sessions_[session];
      for (const PlayedAttempt& attempt : *track.attempts()) {
        const auto lane = std::find_if(lanes_.begin(), lanes_.end(), [&](const Lane& each) {
          return each.slots.front() == attempt.slot;
        });
        const double end = axis_.x(session, track.offset(attempt.at));
        const double begin = axis_.x(session, track.begin_of(attempt));
        svg_.path(rectangle(static_cast<std::size_t>(lane - lanes_.begin()),
                            std::min(begin, end - kThinnest), end),
                  attempt.cause ? "attempt-failed" : "attempt-done", attempt_text(attempt));
      }
    }
  }

  // Nothing where even the longest stretches are too many.
  void draw_tooltips() {
    const auto needed = [&](std::size_t stride) {
      std::size_t count = 0;
      for (const SessionTrack& track : sessions_) {
        count += (track.bins_used() + stride - 1) / stride;
      }
      return count * lanes_.size();
    };
    std::size_t stride = 1;
    while (needed(stride) > most(kMostTooltips) && stride < kWidestStride) stride *= 2;
    if (needed(stride) > most(kMostTooltips)) return;
    svg_.open_group("unseen");
    for_each_stretch(stride, [&](const Stretch& stretch) {
      if (stretch.sum.tasks.count() == 0) return;
      svg_.path(rectangle(stretch.lane, left(stretch), right(stretch)), "",
                tasks_text(stretch.sum.tasks));
    });
    svg_.close_group();
  }

  // Marks of the same moment stand side by side: a crash ends an attempt and its worker.
  std::vector<Mark> marks_of(std::size_t stride) const {
    constexpr double kBeside = 8;
    std::vector<Mark> marks;
    for_each_stretch(stride, [&](const Stretch& stretch) {
      const SlotBin& sum = stretch.sum;
      const int kinds = (sum.failed.attempts > 0 ? 1 : 0) + (sum.deaths > 0 ? 1 : 0) +
                        (sum.retried.attempts > 0 ? 1 : 0);
      double x = (left(stretch) + right(stretch) - kBeside * (kinds - 1)) / 2;
      const auto mark = [&](MarkKind kind, std::string title) {
        marks.push_back({kind, coordinate(x) + " " + coordinate(top(stretch.lane) + row_ / 2),
                         std::move(title)});
        x += kBeside;
      };
      if (sum.failed.attempts > 0) mark(MarkKind::failed, failed_text(sum.failed));
      if (sum.deaths > 0) mark(MarkKind::died, deaths_text(sum.deaths));
      if (sum.retried.attempts > 0) mark(MarkKind::retried, retried_text(sum.retried));
    });
    return marks;
  }

  void draw_marks() {
    std::size_t stride = 1;
    std::vector<Mark> marks = marks_of(stride);
    while (marks.size() > most(kMostMarks) && stride < kWidestStride) {
      stride *= 2;
      marks = marks_of(stride);
    }
    draw_kind(marks, MarkKind::failed, "failure", "m-4.5 0l4.5-4.5 4.5 4.5-4.5 4.5z");
    draw_kind(marks, MarkKind::retried, "retry", "m-3-4l7 4-7 4z");
    draw_kind(marks, MarkKind::died, "death-halo", "m-3.5-3.5l7 7m0-7l-7 7");
    std::string crosses;  // above their halos, which have the tooltips
    for (const Mark& mark : marks) {
      if (mark.kind == MarkKind::died) crosses += "M" + mark.x_y + "m-3.5-3.5l7 7m0-7l-7 7";
    }
    svg_.path(crosses, "death");
  }

  void draw_kind(const std::vector<Mark>& marks, MarkKind kind, std::string_view css,
                 std::string_view shape) {
    svg_.open_group(css);
    for (const Mark& mark : marks) {
      if (mark.kind == kind) svg_.path(fmt::format("M{}{}", mark.x_y, shape), "", mark.title);
    }
    svg_.close_group();
  }

  const std::vector<SessionTrack>& sessions_;
  const std::vector<Lane>& lanes_;
  double row_;
  double bottom_;
  bool wide_;
  TimeAxis axis_;
  Svg svg_;
};

}  // namespace

std::vector<Lane> lanes_of(const std::vector<SessionTrack>& sessions) {
  std::set<SlotIndex> slots;
  for (const SessionTrack& track : sessions) {
    for (const auto& [slot, bins] : track.slots()) slots.insert(slot);
  }
  const std::size_t in_lane = slots.empty() ? 1 : (slots.size() + kMostRows - 1) / kMostRows;
  std::vector<Lane> lanes;
  std::size_t position = 0;
  for (const SlotIndex slot : slots) {
    if (position++ % in_lane == 0) lanes.emplace_back();
    lanes.back().slots.push_back(slot);
  }
  for (Lane& lane : lanes) {
    lane.name = lane.slots.size() == 1
                    ? fmt::format("slot {}", lane.slots.front())
                    : fmt::format("{}\u2013{}", lane.slots.front(), lane.slots.back());
  }
  return lanes;
}

bool shows_each_attempt(const std::vector<SessionTrack>& sessions, const std::vector<Lane>& lanes) {
  std::size_t attempts = 0;
  for (const SessionTrack& track : sessions) {
    if (track.attempts() == nullptr) return false;
    attempts += track.attempts()->size();
  }
  const bool is_alone = std::all_of(lanes.begin(), lanes.end(),
                                    [](const Lane& lane) { return lane.slots.size() == 1; });
  return is_alone && attempts > 0 && attempts <= kMostAttempts;
}

std::string draw_timeline(const std::vector<SessionTrack>& sessions, const std::vector<Lane>& lanes,
                          Width width) {
  return Timeline(sessions, lanes, width).draw();
}

}  // namespace joust::report::html
