#include <fmt/format.h>

#include <array>
#include <map>

#include "runner/report/html/markup.hpp"
#include "runner/report/html/time_axis.hpp"
#include "runner/report/html/time_section.hpp"
#include "runner/report/html/timeline_plot.hpp"
#include "runner/report/human.hpp"

namespace joust::report::html {
namespace {

void legend_entry(std::string& out, std::string_view shape, std::string_view name) {
  out += fmt::format("<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\">{}</svg>{}</li>", shape,
                     name);
}

void legend_square(std::string& out, std::string_view css, std::string_view name) {
  legend_entry(out, fmt::format("<rect width=\"14\" height=\"14\" class=\"{}\"/>", css), name);
}

void legend(std::string& out, bool knows_busy, bool each_attempt) {
  out += "<ul class=\"legend\">";
  if (each_attempt) {
    legend_square(out, "b0", "a worker lived");
    legend_square(out, "attempt-done", "a world was played");
    legend_square(out, "attempt-failed", "an attempt that failed");
  } else if (knows_busy) {
    constexpr std::array<std::string_view, 5> kNames = {"idle", "to 25 %", "to 50 %", "to 75 %",
                                                        "busy to 100 %"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      legend_square(out, fmt::format("b{}", i), kNames[i]);
    }
  } else {
    legend_square(out, "b0", "a worker lived");
  }
  legend_entry(out, "<path class=\"death\" d=\"M3 3l8 8m0-8l-8 8\"/>", "worker died");
  legend_entry(out, "<path class=\"failure\" d=\"M2 7l5-5 5 5-5 5z\"/>", "attempt failed");
  legend_entry(out, "<path class=\"retry\" d=\"M3 2.5l8 4.5-8 4.5z\"/>", "world played again");
  out += "</ul>\n";
}

struct SlotTotal {
  double busy = 0;
  double alive = 0;
  std::uint64_t deaths = 0;
  std::uint64_t failures = 0;
  std::uint64_t retries = 0;
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
        total.failures += bin.failed.attempts;
        total.retries += bin.retried.attempts;
      }
    }
  }
  out +=
      "<details class=\"data\"><summary>The numbers</summary><div class=\"scroll\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Slots, table\"><table class=\"sortable\"><caption>Totals of "
      "each slot</caption><thead><tr>";
  for (const char* name :
       {"Slot", "Played", "With a worker", "Workers that died", "Failed attempts", "Retries"}) {
    sort_header(out, name, "num", std::string_view(name) == "Slot" ? "ascending" : "none");
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& [slot, total] : totals) {
    out += fmt::format("<tr><th scope=\"row\" class=\"num\" data-value=\"{0}\">{0}</th>", slot);
    number_cell(out, total.busy, seconds_text(total.busy));
    number_cell(out, total.alive, seconds_text(total.alive));
    number_cell(out, static_cast<double>(total.deaths), grouped(total.deaths));
    number_cell(out, static_cast<double>(total.failures), grouped(total.failures));
    number_cell(out, static_cast<double>(total.retries), grouped(total.retries));
    out += "</tr>\n";
  }
  out += "</tbody></table></div></details>\n";
}

std::string lead_of(const PageData& page) {
  const WorkerSummary& workers = page.report.workers;
  return fmt::format(
      "{} in {}; {} started, {} died{}. {} of worker time went into failed attempts.",
      grouped(page.report.failed_attempts, "failed attempt"),
      grouped(page.report.sessions.size(), "session"), grouped(workers.started, "worker"),
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
        grouped(page.detail.unplaced, "result"));
  }
  legend(out, page.detail.placed > 0, shows_each_attempt(sessions, lanes));
  figure(out,
         fmt::format(
             "{} from {}. Pauses between sessions are folded.{} Tooltips say which worlds were "
             "played.",
             human_seconds(TimeAxis(sessions, 0, 1).active() / 1000) + " of running",
             moment_text(sessions.front().session().started),
             lanes.front().slots.size() > 1
                 ? fmt::format(" Each row stands for {} slots.", lanes.front().slots.size())
                 : ""),
         [&](Width width) { return draw_timeline(sessions, lanes, width); });
  slot_table(out, sessions);
  close_section(out);
}

}  // namespace joust::report::html
