#include "runner/report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "runner/report/evidence.hpp"
#include "runner/report/human.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kAttemptsInMemory = 100'000;

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string time_text(double seconds) { return fmt::format("{:.3f}", std::max(seconds, 0.0)); }

// Dots would make packages of a name.
std::string without_dots(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

// What was done when the report began, as ranges of tasks: a world more is of the next report.
class Snapshot {
 public:
  // Void worlds count for nothing, whatever became of them.
  Snapshot(const RunRecord& record, std::uint64_t worlds,
           const std::optional<Disqualification>& rule)
      : rule_(rule) {
    for (const journal::QuarantineRow& row : record.quarantined()) {
      if (row.task < worlds && !is_void(row.task)) quarantined_[row.task] = row.cause;
    }
    record.for_each_result([&](const journal::ResultRow& row) {
      if (row.task >= worlds || is_void(row.task)) return;
      ++done_;
      quarantined_.erase(row.task);  // done after all, in a later session
      if (!ranges_.empty() && ranges_.back().end == row.task) {
        ++ranges_.back().end;
      } else {
        ranges_.push_back({row.task, row.task + 1});
      }
    });
  }

  std::uint64_t done() const { return done_; }
  const std::map<TaskIndex, Cause>& quarantined() const { return quarantined_; }

  bool is_void(TaskIndex task) const { return rule_ && rule_->void_for(task).has_value(); }

  bool is_done(TaskIndex task) const {
    const auto after =
        std::upper_bound(ranges_.begin(), ranges_.end(), task,
                         [](TaskIndex wanted, const Range& range) { return wanted < range.begin; });
    return after != ranges_.begin() && task < std::prev(after)->end;
  }

 private:
  struct Range {
    TaskIndex begin = 0;
    TaskIndex end = 0;
  };
  const std::optional<Disqualification>& rule_;
  std::vector<Range> ranges_;
  std::map<TaskIndex, Cause> quarantined_;
  std::uint64_t done_ = 0;
};

class JunitReport {
 public:
  JunitReport(const TextSink& sink, const Report& report, const ReportOptions& options,
              const Tournament& tournament, const Plan& plan, const RunRecord& record)
      : report_(report),
        options_(options),
        tournament_(tournament),
        plan_(plan),
        record_(record),
        snapshot_(record, plan.worlds(), report.standings.disqualification),
        xml_(sink) {}

  void write() {
    const std::uint64_t failures = snapshot_.quarantined().size();
    double seconds = 0;
    for (const SessionSummary& session : report_.sessions) seconds += session.seconds();
    xml_.open("testsuite",
              {{"name", report_.name},
               {"time", time_text(seconds)},
               {"tests", std::to_string(plan_.worlds_here())},
               {"errors", "0"},
               {"skipped", std::to_string(plan_.worlds_here() - snapshot_.done() - failures)},
               {"failures", std::to_string(failures)}});
    write_properties();
    while (next_ < plan_.worlds()) write_batch();
    xml_.close();
  }

 private:
  void write_properties() {
    xml_.open("properties");
    const auto property = [&](std::string_view name, std::string_view value) {
      xml_.leaf("property", {{"name", name}, {"value", value}});
    };
    property("joust.version", JOUST_VERSION);
    property("joust.world", report_.world);
    property("joust.seed", std::to_string(report_.seed));
    property("joust.state", state_name(report_.state));
    property("joust.metric", metric_name(report_.standings.metric));
    property("joust.standings", winner_line(report_));
    property("joust.run", report_.dir);
    for (const std::string& line : report_.disqualified) property("joust.disqualified", line);
    if (const auto damage = damage_line(report_)) property("joust.damage", *damage);
    xml_.close();
  }

  // The worlds up to the one at which the failed attempts of a batch end.
  void write_batch() {
    const TaskIndex end = read_attempts();
    record_.for_each_result([&](const journal::ResultRow& row) {
      if (row.task < next_ || row.task >= end || !snapshot_.is_done(row.task)) return;
      write_unfinished(row.task);
      write_done(row);
      next_ = row.task + 1;
    });
    write_unfinished(end);
  }

  // Reads the charged attempts from next_ on, as many as fit; returns the first task without them.
  TaskIndex read_attempts() {
    attempts_.clear();
    TaskIndex end = plan_.worlds();
    record_.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
      if (!row.charged || row.task < next_ || row.task >= end) return;
      const bool is_next_world = attempts_.empty() || attempts_.back().task != row.task;
      if (is_next_world && attempts_.size() >= kAttemptsInMemory) {
        end = row.task;
      } else {
        attempts_.push_back(row);
      }
    });
    return end;
  }

  std::span<const journal::FailedAttempt> attempts_at(TaskIndex task) const {
    const auto [first, last] = std::equal_range(attempts_.begin(), attempts_.end(), task, ByTask{});
    return {first, last};
  }

  struct ByTask {
    bool operator()(const journal::FailedAttempt& row, TaskIndex task) const {
      return row.task < task;
    }
    bool operator()(TaskIndex task, const journal::FailedAttempt& row) const {
      return task < row.task;
    }
  };

  // The worlds from next_ up to `end`, none of which is done.
  void write_unfinished(TaskIndex end) {
    for (; next_ < end; ++next_) {
      if (!plan_.shard().has(next_)) continue;
      const auto given_up = snapshot_.quarantined().find(next_);
      if (given_up != snapshot_.quarantined().end()) {
        write_quarantined(next_, given_up->second);
      } else {
        write_open(next_);
      }
    }
  }

  void open_case(TaskIndex task, double seconds, bool has_content = true) {
    std::vector<std::uint32_t> seats;
    plan_.seats(plan_.cell(task), seats);
    std::sort(seats.begin(), seats.end());  // rotations of a set belong together
    std::string set;
    for (const std::uint32_t seat : seats) {
      set += set.empty() ? "" : " + ";
      set += without_dots(tournament_.setup.competitors[seat].name);
    }
    const std::string class_name = without_dots(report_.name) + "." + set;
    const std::string run_id = plan_.run_id(task);
    const std::string time = time_text(seconds);
    const auto write = has_content ? &XmlWriter::open : &XmlWriter::leaf;
    (xml_.*write)("testcase", {{"name", run_id}, {"classname", class_name}, {"time", time}});
  }

  void write_done(const journal::ResultRow& row) {
    const auto attempts = attempts_at(row.task);
    open_case(row.task, in_seconds(row.played), !attempts.empty());
    if (attempts.empty()) return;
    for (const auto& attempt : attempts) write_rerun("flakyFailure", attempt);
    xml_.close();
  }

  void write_quarantined(TaskIndex task, Cause cause) {
    const auto attempts = attempts_at(task);
    if (attempts.empty()) {
      open_case(task, 0);
      xml_.lines("failure", {"no attempt is recorded"}, {{"type", cause_name(cause)}});
      xml_.close();
      return;
    }
    const journal::FailedAttempt& first = attempts.front();
    open_case(task, in_seconds(first.played));
    xml_.lines("failure", evidence_of(first),
               {{"message", first.detail}, {"type", cause_name(first.cause)}});
    for (const auto& attempt : attempts.subspan(1)) write_rerun("rerunFailure", attempt);
    xml_.lines("system-out", output_of(first));
    xml_.close();
  }

  void write_open(TaskIndex task) {
    const auto attempts = attempts_at(task);
    std::string message = "not played yet";
    if (snapshot_.is_void(task)) {
      message = "void: a competitor in it was disqualified";
    } else if (!attempts.empty()) {
      const journal::FailedAttempt& last = attempts.back();
      message =
          fmt::format("not done yet; {}, last {}: {}", counted(attempts.size(), "failed attempt"),
                      cause_name(last.cause), last.detail);
    }
    open_case(task, 0);
    xml_.leaf("skipped", {{"message", message}});
    xml_.close();
  }

  void write_rerun(std::string_view element, const journal::FailedAttempt& attempt) {
    xml_.open(element, {{"message", attempt.detail}, {"type", cause_name(attempt.cause)}});
    xml_.lines("stackTrace", evidence_of(attempt));
    xml_.lines("system-out", output_of(attempt));
    xml_.close();
  }

  std::vector<std::string> evidence_of(const journal::FailedAttempt& attempt) const {
    std::vector<std::string> lines = {fmt::format("attempt {}: {}: {}", attempt.attempt,
                                                  cause_name(attempt.cause), attempt.detail)};
    for (std::string& frame : top_frames(inside(options_.dir, attempt.stack), options_.frames)) {
      lines.push_back(std::move(frame));
    }
    return lines;
  }

  std::vector<std::string> output_of(const journal::FailedAttempt& attempt) const {
    std::vector<std::string> lines =
        last_words(inside(options_.dir, attempt.log), options_.last_lines);
    const std::filesystem::path dir(options_.dir);
    if (!attempt.log.empty()) lines.push_back("log: " + (dir / attempt.log).string());
    if (!attempt.stack.empty()) lines.push_back("stack: " + (dir / attempt.stack).string());
    lines.push_back("again: " +
                    replay_command(options_.program, options_.dir, attempt.task, attempt.attempt));
    return lines;
  }

  const Report& report_;
  const ReportOptions& options_;
  const Tournament& tournament_;
  const Plan& plan_;
  const RunRecord& record_;
  Snapshot snapshot_;
  XmlWriter xml_;
  std::vector<journal::FailedAttempt> attempts_;  // of the worlds of one batch, by task
  TaskIndex next_ = 0;                            // the first world that is not written
};

}  // namespace

void write_junit(const TextSink& sink, const Report& report, const ReportOptions& options,
                 const Tournament& tournament, const Plan& plan, const RunRecord& record) {
  JunitReport(sink, report, options, tournament, plan, record).write();
}

}  // namespace joust::report
