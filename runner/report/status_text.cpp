#include "runner/report/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"
#include "runner/report/slot_table.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kLabel = 11;
constexpr std::int64_t kStaleMillis = 10'000;
constexpr std::string_view kGap = "  ";

bool is_final(std::string_view state) { return state == "finished" || state == "interrupted"; }

std::string eta_text(const RunStatus& status) {
  return status.eta_seconds ? human_seconds(*status.eta_seconds) : "?";
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string first_lines(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count && end < text.size(); ++i) end = text.find('\n', end) + 1;
  return text.substr(0, end);
}

struct Field {
  std::string text;
  int importance = 0;  // the smallest ones are left out first
  bool alarming = false;
};

// In the order in which they are shown.
std::array<Field, 8> progress_fields(const RunStatus& status) {
  const double percent = status.worlds_total == 0
                             ? 100.0
                             : 100.0 * static_cast<double>(status.worlds_done) /
                                   static_cast<double>(status.worlds_total);
  return {{
      {fmt::format("{}/{} done ({:.0f}%)", status.worlds_done, status.worlds_total,
                   std::min(percent, status.worlds_done < status.worlds_total ? 99.0 : 100.0)),
       std::numeric_limits<int>::max(), false},
      {fmt::format("{} running", status.worlds_running), 3, false},
      {fmt::format("{} pending", status.worlds_pending), 4, false},
      {fmt::format("{} failed", status.worlds_failed), 7, status.worlds_failed > 0},
      {fmt::format("{}/s", human_rate(status.worlds_per_second)), 5, false},
      {"ETA " + eta_text(status), 6, false},
      {counted(status.workers_lost, "restart"), 2, status.workers_lost > 0},
      {human_bytes(status.rss_bytes), 1, false},
  }};
}

// The fields that fit, one by one from the most important, as a mark for each.
std::array<bool, 8> fitting(const std::array<Field, 8>& fields, std::size_t width) {
  std::array<std::size_t, 8> order{0, 1, 2, 3, 4, 5, 6, 7};
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fields[a].importance > fields[b].importance;
  });
  std::array<bool, 8> shown{};
  std::size_t used = 0;
  for (const std::size_t i : order) {
    const std::size_t needed = fields[i].text.size() + (used == 0 ? 0 : kGap.size());
    if (used + needed > width) break;
    shown[i] = true;
    used += needed;
  }
  return shown;
}

class StatusText {
 public:
  StatusText(const RunStatus& status, const StatusContext& context)
      : status_(status), context_(context), paint_(context.colour) {}

  std::string render() {
    const RunStatus& s = status_;
    labelled("tournament", printable(s.name));
    render_state();
    render_worlds();
    if (!s.disqualified.empty()) {
      alarm("out",
            "disqualified: " + printable(fmt::format("{}", fmt::join(s.disqualified, ", "))));
    }
    labelled("attempts", fmt::format("{} failed", s.attempts_failed));
    labelled("speed",
             fmt::format("{} worlds/s, ETA {}, {} elapsed", human_rate(s.worlds_per_second),
                         is_alive() ? eta_text(s) : "-", human_seconds(s.elapsed_seconds)));
    labelled("workers", fmt::format("{} started, {} lost", s.workers_started, s.workers_lost));
    labelled("memory", human_bytes(s.rss_bytes));
    return std::move(text_);
  }

  bool is_alive() const { return context_.lock_held && !is_final(status_.state); }

 private:
  std::string fitted(std::string_view text) const {
    return clip(text, context_.width - std::min(context_.width, kLabel));
  }

  void put(std::string_view label, std::string_view text) {
    text_ += paint_.bold(clip(pad_right(label, kLabel), context_.width));
    text_ += text;
    text_ += '\n';
  }

  void labelled(std::string_view label, std::string_view text) { put(label, fitted(text)); }
  void alarm(std::string_view label, std::string_view text) {
    put(label, paint_.alarm(fitted(text)));
  }

  void render_worlds() {
    const RunStatus& s = status_;
    std::string text =
        fmt::format("{} of {} done, {} running, {} pending, {} failed", s.worlds_done,
                    s.worlds_total, s.worlds_running, s.worlds_pending, s.worlds_failed);
    if (s.worlds_void > 0) text += fmt::format(", {} void", s.worlds_void);
    const bool fits = kLabel + text.size() <= context_.width;
    labelled("worlds", fits ? text
                            : fmt::format("{}/{} done, {} failed, {} running", s.worlds_done,
                                          s.worlds_total, s.worlds_failed, s.worlds_running));
  }

  void render_state() {
    const std::string state = printable(status_.state);
    if (is_alive()) {
      labelled("state", fmt::format("{} (process {})", state, status_.pid));
      const std::int64_t age = context_.now - status_.updated;
      if (age >= kStaleMillis) {
        alarm("", fmt::format("not updated for {}: the supervisor is stopped or waits for its disk",
                              human_seconds(static_cast<double>(age) / 1000)));
      }
    } else if (!is_final(status_.state) && !context_.lock_held) {
      alarm("state", fmt::format("was killed (process {} is gone); resume with:", status_.pid));
      put("", resume_command(context_.program, context_.dir));
      labelled("", "these are the last figures; joust report counts what is committed");
    } else if (status_.state == "interrupted" && context_.lock_held) {
      labelled("state", "was interrupted; a supervisor has just taken it up again");
    } else if (status_.state == "interrupted") {
      put("state", "interrupted; resume with: " + resume_command(context_.program, context_.dir));
    } else {
      labelled("state", state);
    }
  }

  const RunStatus& status_;
  const StatusContext& context_;
  Paint paint_;
  std::string text_;
};

}  // namespace

std::string render_status(const RunStatus& status, const StatusContext& context) {
  StatusText text(status, context);
  std::string shown = text.render();
  if (text.is_alive()) {
    shown += "\n" + render_slots(status.slots, {.width = context.width}, context.colour);
  }
  return shown;
}

std::string render_screen(const RunStatus& status, const StatusContext& context, EventTail tail,
                          std::size_t lines) {
  constexpr std::size_t kFewEvents = 3;
  constexpr std::size_t kHeading = 2;  // an empty line, and the heading
  StatusText text(status, context);
  std::string shown = text.render();
  std::size_t left = lines - std::min(lines, count_lines(shown));
  if (left < kHeading) tail.rates.clear();
  if (!tail.rates.empty()) left -= kHeading;
  const std::size_t few = std::min(tail.events.size(), kFewEvents);
  const std::size_t reserved = few > 0 ? few + kHeading : 0;
  if (text.is_alive() && left > kHeading) {
    // the heading and a line, at least
    const std::size_t room = std::max(left - std::min(left, reserved), kHeading + 1) - 1;
    const std::string table =
        render_slots(status.slots, {.width = context.width, .lines = room}, context.colour);
    shown += "\n" + table;
    left -= 1 + count_lines(table);
  }
  const std::size_t events = left - std::min(left, kHeading);
  if (tail.events.size() > events) {
    tail.events.erase(tail.events.begin(), tail.events.end() - static_cast<std::ptrdiff_t>(events));
  }
  return first_lines(shown + render_tail(tail, context.width, context.colour), lines);
}

std::string render_progress_line(const RunStatus& status, std::size_t width, bool colour) {
  const std::array<Field, 8> fields = progress_fields(status);
  const std::array<bool, 8> shown = fitting(fields, width);
  if (!shown[0]) return clip(fields[0].text, width);
  const Paint paint(colour);
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!shown[i]) continue;
    if (!line.empty()) line += kGap;
    line += fields[i].alarming ? paint.alarm(fields[i].text) : fields[i].text;
  }
  return line;
}

std::string render_progress_plain(const RunStatus& status) {
  return render_progress_line(status, std::numeric_limits<std::size_t>::max(), false);
}

}  // namespace joust::report
