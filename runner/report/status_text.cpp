#include "runner/report/status_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLabel = 11;
constexpr std::int64_t kStaleMillis = 10'000;
constexpr std::string_view kGap = "  ";

bool is_final(std::string_view state) { return state == "finished" || state == "interrupted"; }

std::string eta_text(const RunStatus& status) {
  return status.eta_seconds ? human_seconds(*status.eta_seconds) : "?";
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
    labelled("tournament", clip(printable(s.name), kWidth - kLabel));
    render_state();
    labelled("worlds",
             fmt::format("{} of {} done, {} running, {} pending, {} failed", s.worlds_done,
                         s.worlds_total, s.worlds_running, s.worlds_pending, s.worlds_failed));
    labelled("attempts", fmt::format("{} failed", s.attempts_failed));
    labelled("speed",
             fmt::format("{} worlds/s, ETA {}, {} elapsed", human_rate(s.worlds_per_second),
                         is_alive() ? eta_text(s) : "-", human_seconds(s.elapsed_seconds)));
    labelled("workers", fmt::format("{} started, {} lost", s.workers_started, s.workers_lost));
    labelled("memory", human_bytes(s.rss_bytes));
    if (is_alive()) text_ += "\n" + render_slots(s.slots, context_.colour);
    return std::move(text_);
  }

 private:
  bool is_alive() const { return context_.lock_held && !is_final(status_.state); }

  void labelled(std::string_view label, std::string_view text) {
    text_ += paint_.bold(pad_right(label, kLabel));
    text_ += text;
    text_ += '\n';
  }

  void render_state() {
    const std::string state = printable(status_.state);
    if (is_alive()) {
      labelled("state", fmt::format("{} (process {})", state, status_.pid));
      const std::int64_t age = context_.now - status_.updated;
      if (age >= kStaleMillis) {
        labelled("", paint_.alarm(fmt::format(
                         "not updated for {}: the supervisor is stopped or waits for its disk",
                         human_seconds(static_cast<double>(age) / 1000))));
      }
    } else if (!is_final(status_.state) && !context_.lock_held) {
      labelled("state", paint_.alarm(fmt::format("was killed (process {} is gone); resume with:",
                                                 status_.pid)));
      labelled("", resume_command(context_.program, context_.dir));
      labelled("", "the figures are the last it wrote; joust report counts what is committed");
    } else if (status_.state == "interrupted" && context_.lock_held) {
      labelled("state", "was interrupted; a supervisor has just taken it up again");
    } else if (status_.state == "interrupted") {
      labelled("state",
               "interrupted; resume with: " + resume_command(context_.program, context_.dir));
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

std::string render_slots(const std::vector<SlotStatus>& slots, bool colour) {
  std::string text = Paint(colour).bold(
      fmt::format("slot  epoch  {}  {:>12}  {:>8}  {:>8}  {:>10}  {:>8}", pad_right("state", 14),
                  "task", "since", "beat", "memory", "cpu"));
  text += '\n';
  for (const SlotStatus& slot : slots) {
    text += fmt::format("{:>4}  {:>5}  {}  {:>12}  {:>8}  {:>8}  {:>10}  {:>8}\n", slot.slot,
                        slot.epoch, pad_right(printable(slot.state), 14),
                        slot.task ? std::to_string(*slot.task) : "-", human_seconds(slot.seconds),
                        slot.beat_seconds ? human_seconds(*slot.beat_seconds) : "-",
                        human_bytes(slot.rss_bytes), human_seconds(slot.cpu_seconds));
  }
  return text;
}

std::string render_status(const RunStatus& status, const StatusContext& context) {
  return StatusText(status, context).render();
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
