#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/time_axis.hpp"
#include "runner/report/html/time_section.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

constexpr std::size_t kMostRows = 48;
constexpr std::size_t kLevels = 6;  // no worker, idle, and four of being busy
constexpr double kNarrowLabels = 58;
constexpr double kWideLabels = 92;
constexpr double kTop = 22;

// One or more neighbouring slots in one line.
struct Lane {
  std::vector<SlotIndex> slots;
  std::string name;
};

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

SlotBin lane_bin(const SessionTrack& track, const Lane& lane, std::size_t bin) {
  SlotBin sum;
  for (const SlotIndex slot : lane.slots) {
    const auto found = track.slots().find(slot);
    if (found == track.slots().end()) continue;
    const SlotBin& one = found->second[bin];
    sum.busy += one.busy;
    sum.alive += one.alive;
    sum.deaths += one.deaths;
    sum.failures += one.failures;
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
             "One row for each slot of the pool, over the time of the run: the darker, the more of "
             "the time a world was played. Marks show workers that died and attempts that failed. "
             "The totals of each slot are in the table below.") {}

  std::string draw() {
    axis_.draw(svg_, kTop, bottom_, wide_ ? 8 : 4);
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      draw_name(lane);
      for (std::size_t session = 0; session < sessions_.size(); ++session) add(lane, session);
    }
    constexpr std::array<std::string_view, kLevels> kClasses = {"", "b0", "b1", "b2", "b3", "b4"};
    for (std::size_t level = 1; level < kLevels; ++level) {
      svg_.path(cells_[level], kClasses[level]);
    }
    svg_.path(failures_, "failure");
    svg_.path(deaths_, "death-halo");
    svg_.path(deaths_, "death");
    svg_.text((axis_.from() + axis_.to()) / 2, bottom_ + 37, "time in which joust ran", "axis-name",
              Anchor::middle);
    return svg_.finish();
  }

 private:
  void draw_name(std::size_t lane) {
    // names of thin rows would overlap
    const auto every = static_cast<std::size_t>(std::ceil(13 / row_));
    if (lane % every != 0) return;
    svg_.text(axis_.from() - 10, kTop + (static_cast<double>(lane) + 0.5) * row_ + 4,
              lanes_[lane].name, "label", Anchor::end);
  }

  void add(std::size_t lane, std::size_t session) {
    const SessionTrack& track = sessions_[session];
    const double top = kTop + static_cast<double>(lane) * row_;
    const auto slots = static_cast<double>(lanes_[lane].slots.size());
    std::size_t begin = 0;
    std::size_t level = 0;
    const std::size_t used = track.bins_used();
    for (std::size_t bin = 0; bin <= used; ++bin) {
      std::size_t here = kLevels;
      if (bin < used) {
        const SlotBin sum = lane_bin(track, lanes_[lane], bin);
        here = busy_level(sum, static_cast<double>(track.bin_length(bin)) * slots);
        mark(sum, session, bin, top);
      }
      if (bin > 0 && here == level) continue;
      if (bin > 0 && level > 0) cell(level, session, begin, bin, top);
      begin = bin;
      level = here;
    }
  }

  void cell(std::size_t level, std::size_t session, std::size_t begin, std::size_t end,
            double top) {
    const SessionTrack& track = sessions_[session];
    const double left = axis_.x(session, static_cast<std::int64_t>(begin) * track.bin_width());
    const double right = axis_.x(
        session, std::min(track.length(), static_cast<std::int64_t>(end) * track.bin_width()));
    cells_[level] += fmt::format("M{} {}H{}v{}H{}z", coordinate(left), coordinate(top + 1),
                                 coordinate(right), coordinate(row_ - 2), coordinate(left));
  }

  void mark(const SlotBin& bin, std::size_t session, std::size_t at, double top) {
    if (bin.deaths == 0 && bin.failures == 0) return;
    const SessionTrack& track = sessions_[session];
    const std::int64_t middle =
        static_cast<std::int64_t>(at) * track.bin_width() + track.bin_length(at) / 2;
    const std::string x = coordinate(axis_.x(session, middle));
    const double y = top + row_ / 2;
    if (bin.deaths > 0) {
      deaths_ += fmt::format("M{} {}m-3.5-3.5l7 7m0-7l-7 7", x, coordinate(y));
    }
    if (bin.failures > 0) {
      failures_ += fmt::format("M{} {}m-4.5 0l4.5-4.5 4.5 4.5-4.5 4.5z", x, coordinate(y));
    }
  }

  const std::vector<SessionTrack>& sessions_;
  const std::vector<Lane>& lanes_;
  double row_;
  double bottom_;
  bool wide_;
  TimeAxis axis_;
  Svg svg_;
  std::array<std::string, kLevels> cells_;
  std::string deaths_;
  std::string failures_;
};

void legend(std::string& out, bool knows_busy) {
  out += "<ul class=\"legend\">";
  if (knows_busy) {
    constexpr std::array<std::string_view, 5> kNames = {"idle", "to 25 %", "to 50 %", "to 75 %",
                                                        "busy to 100 %"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      out += fmt::format(
          "<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" "
          "height=\"14\" class=\"b{}\"/></svg>{}</li>",
          i, kNames[i]);
    }
  } else {
    out +=
        "<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" "
        "class=\"b0\"/></svg>a worker lived</li>";
  }
  out +=
      "<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><path class=\"death\" d=\"M3 3l8 "
      "8m0-8l-8 8\"/></svg>worker died</li><li><svg viewBox=\"0 0 14 14\" "
      "aria-hidden=\"true\"><path class=\"failure\" d=\"M2 7l5-5 5 5-5 5z\"/></svg>attempt "
      "failed</li></ul>\n";
}

struct SlotTotal {
  double busy = 0;
  double alive = 0;
  std::uint64_t deaths = 0;
  std::uint64_t failures = 0;
};

void slot_table(std::string& out, const std::vector<SessionTrack>& sessions) {
  std::map<SlotIndex, SlotTotal> totals;
  for (const SessionTrack& track : sessions) {
    for (const auto& [slot, bins] : track.slots()) {
      SlotTotal& total = totals[slot];
      for (const SlotBin& bin : bins) {
        total.busy += bin.busy / 1000;
        total.alive += bin.alive / 1000;
        total.deaths += bin.deaths;
        total.failures += bin.failures;
      }
    }
  }
  out +=
      "<details class=\"data\"><summary>The numbers</summary><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Slots, table\"><table class=\"sortable\"><caption>Totals of "
      "each slot</caption><thead><tr>";
  for (const char* name :
       {"Slot", "Played", "With a worker", "Workers that died", "Failed attempts"}) {
    sort_header(out, name, "num", std::string_view(name) == "Slot" ? "ascending" : "none");
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& [slot, total] : totals) {
    out += fmt::format("<tr><th scope=\"row\" class=\"num\" data-value=\"{0}\">{0}</th>", slot);
    number_cell(out, total.busy, seconds_text(total.busy));
    number_cell(out, total.alive, seconds_text(total.alive));
    number_cell(out, static_cast<double>(total.deaths), grouped(total.deaths));
    number_cell(out, static_cast<double>(total.failures), grouped(total.failures));
    out += "</tr>\n";
  }
  out += "</tbody></table></div></details>\n";
}

std::string lead_of(const PageData& page) {
  const WorkerSummary& workers = page.report.workers;
  return fmt::format(
      "{} in {}; {} started, {} died{}. {} of worker time went into failed attempts.",
      counted(page.report.failed_attempts, "failed attempt"),
      counted(page.report.sessions.size(), "session"), counted(workers.started, "worker"),
      grouped(workers.lost),
      workers.injured > 0 ? fmt::format(" ({} ended by joust itself, as --chaos asked for)",
                                        grouped(workers.injured))
                          : "",
      seconds_text(page.detail.lost_seconds));
}

}  // namespace

void timeline_section(std::string& out, const PageData& page) {
  open_section(out, "slots", "What each slot did", lead_of(page));
  const std::vector<SessionTrack>& sessions = page.detail.sessions;
  const std::vector<Lane> lanes = lanes_of(sessions);
  if (lanes.empty()) {
    out += "<p>The journal says of no worker when it lived or played.</p>\n";
    close_section(out);
    return;
  }
  if (page.detail.unplaced > 0) {
    out += fmt::format(
        "<p class=\"note\">Of {} an older version of joust did not record when and "
        "where they were played: they are missing here.</p>\n",
        counted(page.detail.unplaced, "result"));
  }
  legend(out, page.detail.placed > 0);
  figure(out,
         fmt::format("{} from {}. Pauses between sessions are folded.{}",
                     human_seconds(TimeAxis(sessions, 0, 1).active() / 1000) + " of running",
                     moment_text(sessions.front().session().started),
                     lanes.front().slots.size() > 1
                         ? fmt::format(" Each row stands for {} slots.", lanes.front().slots.size())
                         : ""),
         [&](Width width) { return Timeline(sessions, lanes, width).draw(); });
  slot_table(out, sessions);
  close_section(out);
}

}  // namespace joust::report::html
