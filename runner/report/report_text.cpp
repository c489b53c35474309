#include "runner/report/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runner/report/human.hpp"
#include "runner/report/text_sections.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kSessions = 4;  // the last ones are told apart
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kDamage = 5;
constexpr const char* kNoEnding = "ended without a record (killed, or its disk was full)";

class TextReport {
 public:
  TextReport(std::ostream& out, const Report& report, bool colour)
      : page_(out, colour), report_(report) {}

  void print() {
    print_head();
    print_standings(page_, report_);
    print_failures(page_, report_);
    print_workers();
    print_cost();
    print_places();
  }

 private:
  void print_head() {
    if (const auto partial = partial_line(report_)) page_.alarm(*partial);
    print_damage();
    const scoring::Coverage& coverage = report_.standings.coverage;
    page_.labelled("tournament",
                   clip(printable(report_.name), TextPage::kWidth - TextPage::kLabel));
    page_.labelled("world", fmt::format("{}, seed {}", printable(report_.world), report_.seed));
    page_.labelled_wrapped("asked", asked_text());
    page_.labelled("state", state_text());
    std::string worlds = fmt::format("{} of {} done", coverage.done, coverage.expected);
    if (coverage.missing() > 0) {
      worlds += fmt::format(", {} missing ({} quarantined, {} not played)", coverage.missing(),
                            coverage.quarantined, coverage.unplayed());
    }
    page_.labelled("worlds", coverage.missing() > 0 ? page_.paint().alarm(worlds) : worlds);
    print_sessions();
  }

  void print_damage() {
    if (report_.damage.empty()) return;
    page_.alarm(*damage_line(report_));
    for (std::size_t i = 0; i < std::min(report_.damage.size(), kDamage); ++i) {
      page_.item(printable(report_.damage[i]));
    }
  }

  std::string asked_text() const {
    const PlanShape& shape = report_.shape;
    const std::string workers =
        report_.pool_size ? ", " + counted(*report_.pool_size, "worker") : std::string();
    return fmt::format("{}: {}, {} in each, {}, {}; {}{}",
                       expected_worlds(report_.standings.coverage),
                       counted(shape.competitors, "competitor"), shape.per_world,
                       counted(shape.configs, "configuration"), counted(shape.runs, "run"),
                       metric_name(report_.standings.metric), workers);
  }

  std::string state_text() const {
    if (report_.state != RunState::interrupted) return std::string(state_name(report_.state));
    return "interrupted; resume with: " + resume_command(report_.program, report_.dir);
  }

  void print_sessions() {
    const auto& sessions = report_.sessions;
    if (sessions.empty()) {
      page_.labelled("sessions", "none");
      return;
    }
    const std::size_t skipped = sessions.size() - std::min(sessions.size(), kSessions);
    if (skipped > 0) {
      page_.labelled("sessions", fmt::format("{}, the last {}:", sessions.size(), kSessions));
    }
    for (std::size_t i = skipped; i < sessions.size(); ++i) {
      page_.labelled_wrapped(i == 0 ? "sessions" : "",
                             fmt::format("{}: {}", i + 1, session_text(i)));
    }
  }

  std::string session_text(std::size_t index) const {
    const SessionSummary& session = report_.sessions[index];
    const bool is_last = index + 1 == report_.sessions.size();
    const bool runs = !session.ended && is_last && report_.state == RunState::running;
    const std::string ending = session.ended ? printable(session.ending) : "";
    std::string text = fmt::format("{} with {} {} {}",
                                   runs             ? "running"
                                   : ending.empty() ? kNoEnding
                                                    : ending,
                                   counted(session.workers, "worker"), runs ? "for" : "after",
                                   human_fine_seconds(session.seconds()));
    if (const auto rate = session.worlds_per_second()) {
      text += fmt::format(", {}, {} a second", counted(session.worlds, "world"), human_rate(*rate));
    }
    text += runs ? "; since " + human_time(session.started)
                 : "; " + human_span(session.started, session.ended.value_or(session.seen_at));
    return text;
  }

  void print_workers() {
    page_.line();
    std::string text =
        fmt::format("{} started, {} lost", report_.workers.started, report_.workers.lost);
    const char* separator = ": ";
    for (const auto& [ending, count] : report_.workers.lost_by_ending) {
      text += fmt::format("{}{} x {}", separator, count, clip(ending, kLongestName));
      separator = ", ";
    }
    page_.labelled_wrapped("workers", text);
    const std::string children = containment_text();
    if (!children.empty()) page_.labelled_wrapped("children", children);
    if (report_.workers.injured == 0) return;
    page_.labelled("injuries",
                   fmt::format("{} workers were ended by joust itself, as --chaos asked for",
                               report_.workers.injured));
  }

  // What becomes of the processes that worlds start; empty where the journal does not say.
  std::string containment_text() const {
    const std::string containment =
        report_.sessions.empty() ? "" : report_.sessions.back().containment;
    if (containment.empty()) return "";
    if (containment == "cgroup") {
      return "what worlds start ends with their worker; after kill -9 of joust, with its control "
             "group";
    }
    if (containment == "mark") {
      return "what worlds start ends with their worker; after kill -9 of joust it is found by a "
             "mark in its environment (joust may not make a control group here)";
    }
    return "played in one process: nothing ends what worlds start";
  }

  void print_cost() {
    const Cost& cost = report_.cost;
    if (report_.failed_attempts == 0 && cost.lost == 0) return;
    const double all = cost.failed_seconds + cost.counted_seconds;
    std::string text = fmt::format("{} of workers' time went into failed attempts",
                                   human_fine_seconds(cost.failed_seconds));
    if (all > 0) text += fmt::format(" ({:.1f} % of all play)", 100 * cost.failed_seconds / all);
    if (cost.lost > 0) text += fmt::format("; {} replaced", cost.replaced);
    if (!std::isnan(cost.median_recovery)) {
      text += fmt::format(" (median {}, longest {})", human_fine_seconds(cost.median_recovery),
                          human_fine_seconds(cost.longest_recovery));
    }
    page_.labelled_wrapped("cost", text);
  }

  void print_places() {
    const std::filesystem::path dir(report_.dir);
    page_.labelled("tables", report_.tables_written ? report_.tables.string() : "not written yet");
    if (report_.has_logs) page_.labelled("logs", (dir / "attempts").string());
    page_.labelled("journal", (dir / "run.db").string());
    const bool has_next = report_.state == RunState::interrupted;
    if (has_next) page_.labelled("next", resume_command(report_.program, report_.dir));
    if (report_.page.empty()) {
      page_.labelled(has_next ? "" : "next", html_command(report_.program, report_.dir));
    } else {
      page_.labelled("page", report_.page.string());
    }
  }

  TextPage page_;
  const Report& report_;
};

}  // namespace

void print_text(std::ostream& out, const Report& report, bool colour) {
  TextReport(out, report, colour).print();
}

}  // namespace joust::report
