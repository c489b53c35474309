#include "runner/report/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/report/human.hpp"
#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLabel = 11;
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongestCause = 20;
constexpr std::size_t kSessions = 4;  // the last ones are told apart

class TextReport {
 public:
  TextReport(std::ostream& out, const Report& report, bool colour)
      : out_(out), report_(report), paint_(colour) {}

  void print() {
    print_head();
    print_standings();
    print_failures();
    print_worst();
    print_workers();
    print_places();
  }

 private:
  void labelled(std::string_view label, std::string_view text) {
    out_ << paint_.bold(pad_right(label, kLabel)) << text << '\n';
  }

  // Continuation lines stand below the text.
  void labelled_wrapped(std::string_view label, std::string_view text) {
    for (const std::string& line : wrap(text, kWidth - kLabel)) {
      labelled(label, line);
      label = {};
    }
  }

  void title(std::string_view text) { out_ << '\n' << paint_.bold(text) << '\n'; }

  void print_head() {
    const scoring::Coverage& coverage = report_.standings.coverage;
    labelled("tournament", clip(printable(report_.name), kWidth - kLabel));
    labelled("world", fmt::format("{}, seed {}", printable(report_.world), report_.seed));
    labelled("state", state_text());
    std::string worlds = fmt::format("{} of {} done", coverage.done, coverage.expected);
    if (coverage.missing() > 0) {
      worlds += fmt::format(", {} missing ({} quarantined, {} not played)", coverage.missing(),
                            coverage.quarantined, coverage.unplayed());
    }
    labelled("worlds", coverage.missing() > 0 ? paint_.alarm(worlds) : worlds);
    labelled_wrapped("sessions", sessions_text());
  }

  std::string state_text() const {
    if (report_.state != RunState::interrupted) return std::string(state_name(report_.state));
    return "interrupted; resume with: " + resume_command(report_.program, report_.dir);
  }

  std::string sessions_text() const {
    std::string text = std::to_string(report_.sessions.size());
    const std::size_t skipped =
        report_.sessions.size() - std::min(report_.sessions.size(), kSessions);
    for (std::size_t i = skipped; i < report_.sessions.size(); ++i) {
      const journal::Session& session = report_.sessions[i];
      const bool is_last = i + 1 == report_.sessions.size();
      const bool runs = !session.ended && is_last && report_.state == RunState::running;
      const std::string ending = session.ended ? printable(session.ending) : "";
      const std::string_view first_separator = skipped > 0 ? ": ..., " : ": ";
      text += fmt::format("{}{} with {}", i == skipped ? first_separator : ", ",
                          runs             ? "running"
                          : ending.empty() ? "killed"
                                           : ending,
                          counted(session.workers, "worker"));
    }
    return text;
  }

  void print_banner() {
    const auto& ranking = report_.standings.ranking;
    const auto fewer = [](const scoring::Standing& a, const scoring::Standing& b) {
      return a.summary.count < b.summary.count;
    };
    const auto [least, most] = std::minmax_element(ranking.begin(), ranking.end(), fewer);
    const std::string text = fmt::format(
        "UNEQUAL COVERAGE: {} has {}, {} has {}, of {} each. The ranks below compare different "
        "sets "
        "of worlds.",
        clip(printable(least->name), kLongestName), counted(least->summary.count, "score"),
        clip(printable(most->name), kLongestName), most->summary.count, most->worlds_expected);
    for (const std::string& line : wrap(text, kWidth)) out_ << paint_.alarm(line) << '\n';
  }

  void print_standings() {
    out_ << '\n';
    const bool is_sound = report_.standings.coverage.complete();
    for (const std::string& line : wrap(winner_line(report_), kWidth)) {
      out_ << (is_sound ? paint_.good(line) : paint_.alarm(line)) << '\n';
    }
    if (report_.standings.ranking.empty()) return;
    if (!report_.standings.even()) print_banner();

    std::size_t name_width = std::string_view("competitor").size();
    for (const scoring::Standing& standing : report_.standings.ranking) {
      name_width = std::max(name_width, display_width(printable(standing.name)));
    }
    name_width = std::min(name_width, kLongestName);
    const bool with_unusable = report_.standings.coverage.unusable > 0;
    title(fmt::format("rank  {}  {:>14}  {:>14}  {:>19}{}", pad_right("competitor", name_width),
                      metric_name(report_.standings.metric), "std", "worlds",
                      with_unusable ? "  unusable" : ""));
    for (const scoring::Standing& standing : report_.standings.ranking) {
      print_standing(standing, name_width, with_unusable);
    }
  }

  void print_standing(const scoring::Standing& standing, std::size_t name_width,
                      bool with_unusable) {
    const std::string rank =
        standing.rank == 0 ? "-" : fmt::format("{}{}", standing.rank, standing.tied ? "=" : "");
    out_ << fmt::format("{:>4}  {}  {:>14}  {:>14}  {:>19}", rank,
                        pad_right(printable(standing.name), name_width),
                        human_score(standing.value), human_score(standing.summary.std),
                        fmt::format("{} of {}", standing.worlds_done, standing.worlds_expected));
    if (with_unusable) out_ << fmt::format("  {:>8}", standing.unusable);
    out_ << '\n';
  }

  void print_failures() {
    if (report_.failures.empty()) return;
    title(fmt::format("{}  {:>8}  {:>8}  {:>10}  {:>11}  {:>8}",
                      pad_right("failures", kLongestCause), "attempts", "worlds", "recovered",
                      "quarantined", "open"));
    for (const CauseSummary& row : report_.failures) {
      out_ << fmt::format("{}  {:>8}  {:>8}  {:>10}  {:>11}  {:>8}\n",
                          pad_right(cause_name(row.cause), kLongestCause), row.attempts, row.worlds,
                          row.recovered, row.quarantined, row.open);
    }
  }

  void print_worst() {
    if (report_.worst.empty()) return;
    title("worst worlds");
    for (const TroubledWorld& world : report_.worst) {
      out_ << clip(fmt::format("  {}: {}, {}, last {}{}{}", world.run_id, fate_text(world.fate),
                               counted(world.failed_attempts, "failed attempt"),
                               cause_name(world.cause), world.detail.empty() ? "" : ": ",
                               world.detail),
                   kWidth)
           << '\n';
      out_ << clip(fmt::format("    seats: {}", fmt::join(world.seated, ", ")), kWidth) << '\n';
      for (const std::string& line : world.last_words) {
        out_ << paint_.dim(clip("    | " + line, kWidth)) << '\n';
      }
      if (!world.log.empty()) {
        out_ << "    log: " << (std::filesystem::path(report_.dir) / printable(world.log)).string()
             << '\n';
      }
    }
  }

  static std::string_view fate_text(Fate fate) {
    switch (fate) {
      case Fate::quarantined:
        return "quarantined";
      case Fate::open:
        return "not done yet";
      case Fate::recovered:
        return "recovered";
    }
    return "";
  }

  void print_workers() {
    out_ << '\n';
    std::string text =
        fmt::format("{} started, {} lost", report_.workers.started, report_.workers.lost);
    const char* separator = ": ";
    for (const auto& [ending, count] : report_.workers.lost_by_ending) {
      text += fmt::format("{}{} x {}", separator, count, clip(ending, kLongestName));
      separator = ", ";
    }
    labelled_wrapped("workers", text);
    if (!report_.sessions.empty()) labelled_wrapped("children", containment_text());
    if (report_.workers.injured == 0) return;
    labelled("injuries", fmt::format("{} workers were ended by joust itself, as --chaos asked for",
                                     report_.workers.injured));
  }

  // What becomes of the processes that worlds start.
  std::string containment_text() const {
    const std::string& containment = report_.sessions.back().containment;
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

  void print_places() {
    const std::filesystem::path dir(report_.dir);
    labelled("tables", report_.tables_written ? report_.tables.string() : "not written yet");
    if (report_.has_logs) labelled("logs", (dir / "attempts").string());
    labelled("journal", (dir / "run.db").string());
  }

  std::ostream& out_;
  const Report& report_;
  Paint paint_;
};

}  // namespace

void print_text(std::ostream& out, const Report& report, bool colour) {
  TextReport(out, report, colour).print();
}

}  // namespace joust::report
