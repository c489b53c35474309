#pragma once
// Reports of a small tournament in which things went wrong, for tests of what shows them.

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "runner/report/printable.hpp"
#include "runner/report/report_text.hpp"
#include "tests/support/small_tournament.hpp"

namespace joust::test {

inline report::Report report_of(const report::RunRecord& record,
                                const report::ReportOptions& options,
                                const Tournament& tournament = small_tournament()) {
  return report::build_report(options, tournament, Plan(tournament.shape), record);
}

inline report::ReportOptions in_folder(const std::string& dir, bool lock_held = false) {
  return {.dir = dir, .lock_held = lock_held, .worst = 5, .last_lines = 3};
}

inline std::string text_of(const report::Report& report, bool colour = false) {
  std::ostringstream out;
  report::print_text(out, report, colour);
  return out.str();
}

inline journal::FailedAttempt failed(TaskIndex task, AttemptNumber attempt, Cause cause) {
  journal::FailedAttempt row;
  row.task = task;
  row.attempt = attempt;
  row.cause = cause;
  row.detail = "detail of " + std::to_string(task) + "." + std::to_string(attempt);
  row.log = "attempts/" + std::to_string(task) + "." + std::to_string(attempt) + ".log";
  return row;
}

// 24 worlds: 20 done, task 20 and 21 quarantined, 22 and 23 never played. Task 3 recovered.
inline MemoryRecord troubled_record() {
  MemoryRecord record = small_record(20);
  record.failed = {failed(3, 1, Cause::timed_out), failed(20, 1, Cause::crashed),
                   failed(20, 2, Cause::crashed),  failed(20, 3, Cause::timed_out),
                   failed(21, 1, Cause::crashed),  failed(22, 1, Cause::cancelled)};
  record.failed.back().charged = false;
  record.given_up = {{.task = 20, .cause = Cause::timed_out},
                     {.task = 21, .cause = Cause::crashed}};
  record.starts.resize(7);
  journal::WorkerEnd end;
  end.lost = true;
  end.ending = "signal 9 (SIGKILL)";
  record.ends = {end, end};
  end.ending = "exit code 3";
  record.ends.push_back(end);
  end.lost = false;
  record.ends.push_back(end);
  return record;
}

inline std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    widest = std::max(widest, report::display_width(line));
  }
  return widest;
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The statistics of three competitors, made up; all of them are there.
inline scoring::Inference sample_inference() {
  scoring::Inference inference;
  inference.blocks = 4;
  inference.draws = 2000;
  inference.few_blocks = true;
  for (std::uint32_t i = 0; i < 3; ++i) {
    inference.competitors.push_back({.interval = {.low = 0.25 * i, .high = 0.25 * i + 1},
                                     .rank_probability = {0.5, 0.25, 0.25},
                                     .tied_with_winner = true});
  }
  for (const auto& [a, b] : {std::pair(0U, 1U), std::pair(0U, 2U), std::pair(1U, 2U)}) {
    scoring::PairInference pair;
    pair.a = a;
    pair.b = b;
    pair.worlds = 8;
    pair.difference = 0.5;
    pair.interval = {.low = -0.125, .high = 1.125};
    pair.p = 0.0625;
    pair.p_holm = 0.1875;
    pair.a_beats_b = 0.75;
    inference.pairs.push_back(pair);
  }
  return inference;
}

// Two assumptions; the winner is the same under both or not.
inline report::Sensitivity sample_sensitivity(bool same) {
  report::SensitivityCase left_out{"missing worlds are left out",
                                   {{1, "Cid", 2.5}, {2, "v1.2", 1.5}, {0, "Bob", std::nan("")}}};
  report::SensitivityCase zero = left_out;
  zero.assumption = "the culprit gets 0";
  if (!same) std::swap(zero.ranking[0].rank, zero.ranking[1].rank);
  return {{left_out, zero}};
}

}  // namespace joust::test
