#include "runner/report/run_detail.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <numeric>

#include "tests/support/course_record.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

CourseOptions four() {
  CourseOptions options;
  options.names = {"Ann", "Bob", "Cid", "Dan"};
  options.configs = 9;
  options.quarantined = 1;
  return options;  // C(4,3) * 9 * 3 = 108 worlds
}

ReportOptions in_dir(const std::string& dir) {
  ReportOptions options;
  options.dir = dir;
  return options;
}

RunDetail detail_of(const CourseRecord& record, const std::string& dir = "nowhere") {
  return gather_detail(build_report(in_dir(dir), record.tournament(), record.plan(), record),
                       record.tournament(), record.plan(), record);
}

template <class Values>
std::uint64_t sum_of(const Values& values) {
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

SlotBin total_of(const RunDetail& detail) {
  SlotBin total;
  for (const SessionTrack& track : detail.sessions) {
    for (const auto& [slot, bins] : track.slots()) {
      for (const SlotBin& bin : bins) {
        total.busy += bin.busy;
        total.deaths += bin.deaths;
        total.failed.attempts += bin.failed.attempts;
        total.retried.attempts += bin.retried.attempts;
      }
    }
  }
  return total;
}

std::uint64_t accepted_in(const SessionTrack& track) {
  return track.moment(0, track.bins_used()).accepted;
}

// Failed attempts whose evidence names a competitor.
std::uint64_t count_errors(const CourseRecord& record) {
  std::uint64_t errors = 0;
  record.for_each_failed_attempt(
      [&](const journal::FailedAttempt& row) { errors += row.culprit ? 1U : 0U; });
  return errors;
}

}  // namespace

TEST_CASE("every usable score is in the histogram of its competitor or beyond its ends") {
  const CourseRecord record(four());
  const RunDetail detail = detail_of(record);
  REQUIRE(detail.scores.size() == 4);
  std::uint64_t scores = 0;
  for (const ScoreShape& shape : detail.scores) {
    scores += sum_of(shape.bins) + shape.below + shape.above;
    CHECK(shape.points.size() <= 40);
    CHECK(shape.points.size() >= 20);
  }
  CHECK(scores == 107 * 3);
}

TEST_CASE("a freak score does not press all others into one bin") {
  CourseOptions options = four();
  options.configs = 90;
  const RunDetail detail = detail_of(CourseRecord(options));
  CHECK(detail.scores[1].above > 0);
  CHECK(detail.score_axis.high < 5);
  const auto used = std::count_if(detail.scores[0].bins.begin(), detail.scores[0].bins.end(),
                                  [](std::uint64_t count) { return count > 0; });
  CHECK(used > 30);
}

TEST_CASE("every counted world has its time in the histogram of durations") {
  const RunDetail detail = detail_of(CourseRecord(four()));
  CHECK(detail.durations.worlds == 107);
  CHECK(sum_of(detail.durations.bins) == 107);
  CHECK(detail.durations.shortest > 0);
  CHECK(detail.durations.longest <= 0.3);
}

TEST_CASE("quantiles of durations are close to the truth, also of nanoseconds") {
  DurationShape shape;
  shape.bins.resize(DurationShape::kBins);
  for (int i = 1; i <= 1000; ++i) shape.add(1e-6 * i);
  CHECK(shape.quantile(0.5) == doctest::Approx(500e-6).epsilon(0.04));
  CHECK(shape.quantile(0.95) == doctest::Approx(950e-6).epsilon(0.04));
  CHECK(shape.quantile(0) == doctest::Approx(1e-6).epsilon(0.04));
  CHECK(shape.quantile(1) == doctest::Approx(1e-3));
  DurationShape alike;
  alike.bins.resize(DurationShape::kBins);
  for (int i = 0; i < 7; ++i) alike.add(1.002e-3);
  CHECK(alike.quantile(0.5) == doctest::Approx(1.002e-3));
  DurationShape fast;
  fast.bins.resize(DurationShape::kBins);
  for (int i = 0; i < 9; ++i) fast.add(i < 6 ? 40e-9 : 900e-9);
  fast.add(0);
  CHECK(fast.quantile(0.5) == doctest::Approx(40e-9).epsilon(0.04));
  CHECK(fast.shortest == 0);
}

TEST_CASE("results, failures and deaths stand in the session and the slot where they happened") {
  const CourseRecord record(four());
  const RunDetail detail = detail_of(record);
  REQUIRE(detail.sessions.size() == 2);
  CHECK(detail.placed == 107);
  CHECK(detail.unplaced == 0);
  CHECK(accepted_in(detail.sessions[0]) == 53);
  CHECK(accepted_in(detail.sessions[1]) == 54);
  const SlotBin total = total_of(detail);
  CHECK(total.failed.attempts == 5);   // tasks 18, 55 and 92; 18 three times
  CHECK(total.retried.attempts == 4);  // 18 twice, the others once
  CHECK(total.deaths == record.worker_ends().size());
  // what was played in milliseconds, also of the attempts that failed
  CHECK(total.busy == doctest::Approx(detail.durations.total * 1000 + 5 * 120).epsilon(0.02));
  CHECK(detail.lost_seconds == doctest::Approx(0.6));
}

TEST_CASE("a killed session lasts up to the last thing that is known of it") {
  const CourseRecord record(four());
  const RunDetail detail = detail_of(record);
  const std::int64_t length = detail.sessions[0].length();
  CHECK(length > 13 * 300);
  CHECK(length < 15 * 300);
}

TEST_CASE("results without a moment are counted and not placed") {
  CourseOptions options = four();
  options.with_moments = false;
  const RunDetail detail = detail_of(CourseRecord(options));
  CHECK(detail.placed == 0);
  CHECK(detail.unplaced == 107);
  CHECK(detail.durations.worlds == 107);
  CHECK(accepted_in(detail.sessions[0]) == 0);
}

TEST_CASE("failed attempts are grouped by cause and words, and charged where evidence names one") {
  const CourseRecord record(four());
  const RunDetail detail = detail_of(record);
  std::uint64_t attempts = 0;
  for (const FailureGroup& group : detail.groups) attempts += group.attempts;
  CHECK(attempts == 5);
  CHECK(detail.groups.front().attempts >= detail.groups.back().attempts);
  std::uint64_t present = 0;
  for (const CompetitorTrouble& trouble : detail.trouble) present += trouble.present;
  CHECK(present == 5 * 3);
  std::uint64_t named = 0;
  for (const CompetitorTrouble& trouble : detail.trouble) named += trouble.named;
  CHECK(named > 0);
  CHECK(named == count_errors(record));
  REQUIRE(detail.failed_tasks.size() == 3);
  CHECK(detail.failed_tasks[1].first == 55);
}

TEST_CASE("worlds that were given up are known, and how many were in trouble") {
  const Tournament tournament = small_tournament();
  MemoryRecord record = small_record(20);
  for (const TaskIndex task : {TaskIndex{3}, TaskIndex{21}, TaskIndex{22}}) {
    journal::FailedAttempt row;
    row.task = task;
    row.charged = task != 22;
    record.failed.push_back(row);
  }
  record.given_up = {{.task = 3}, {.task = 20}, {.task = 21}};  // of these, 3 has a result
  const Plan plan(tournament.shape);
  const Report report = build_report(in_dir("nowhere"), tournament, plan, record);
  const RunDetail detail = gather_detail(report, tournament, plan, record);
  REQUIRE(detail.quarantined_tasks.size() == 1);
  CHECK(detail.quarantined_tasks[0].first == 20);
  CHECK(detail.quarantined_tasks[0].last == 21);
  CHECK(detail.troubled == 3);
  CHECK(detail.troubled == report.worst.size());
}

TEST_CASE("a thousand different details become a bounded number of groups that still add up") {
  const Tournament tournament = small_tournament();
  MemoryRecord record = small_record(20);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    journal::FailedAttempt row;
    row.task = i % 24;
    row.attempt = i;
    row.cause = Cause::world_error;
    row.detail = "number " + std::to_string(i);
    record.failed.push_back(row);
  }
  const Plan plan(tournament.shape);
  const Report report = build_report(in_dir("nowhere"), tournament, plan, record);
  const RunDetail detail = gather_detail(report, tournament, plan, record);
  CHECK(detail.groups.size() == 61);
  std::uint64_t attempts = 0;
  std::uint64_t kinds = 0;
  for (const FailureGroup& group : detail.groups) {
    attempts += group.attempts;
    kinds += group.kinds;
  }
  CHECK(attempts == 5000);
  CHECK(kinds == 5000);
  REQUIRE(detail.failed_tasks.size() == 1);
  CHECK(detail.failed_tasks[0].last == 23);
  CHECK(detail.evidence.begin()->second.size() == 8);
}

TEST_CASE("evidence has last words and the beginning of the stacks") {
  const ScratchFolder run;
  const CourseRecord record(four());
  record.write_files(run.path());
  const RunDetail detail = detail_of(record, run.path().string());
  REQUIRE(detail.evidence.count(18) == 1);
  REQUIRE(detail.evidence.at(18).size() == 3);
  const AttemptEvidence& last = detail.evidence.at(18).back();
  CHECK(last.attempt == 3);
  REQUIRE(last.last_words.size() == 2);
  CHECK(last.last_words[1] == "free(): <b>invalid</b> pointer");
  if (!last.stack.empty()) {
    CHECK(last.stack_lines.size() == 200);
    CHECK(last.stack_lines[0] == "thread 1 \"joust-worker\" (running)");
    CHECK(last.stack_lines[2] == "  #1   std::vector<int>::at(unsigned long)+0x1 [0x7f00deadbeff]");
    CHECK(last.stack_cut);
  } else {
    CHECK_FALSE(last.culprit.empty());
  }
}

TEST_CASE("files outside the run directory are not read") {
  const ScratchFolder run;
  std::filesystem::create_directories(run.path() / "run");
  std::ofstream(run.path() / "secret") << "secret\n";
  const Tournament tournament = small_tournament();
  MemoryRecord record = small_record(20);
  for (const std::string& path : {std::string("../secret"), (run.path() / "secret").string()}) {
    journal::FailedAttempt row;
    row.task = 21;
    row.log = path;
    row.stack = path;
    record.failed.push_back(row);
  }
  const Plan plan(tournament.shape);
  const Report report =
      build_report(in_dir((run.path() / "run").string()), tournament, plan, record);
  const RunDetail detail = gather_detail(report, tournament, plan, record);
  REQUIRE(detail.evidence.at(21).size() == 2);
  for (const AttemptEvidence& attempt : detail.evidence.at(21)) {
    CHECK(attempt.last_words.empty());
    CHECK(attempt.stack_lines.empty());
  }
}

TEST_CASE("samples are read from events.jsonl, and damaged lines are passed over") {
  const ScratchFolder run;
  const CourseRecord record(four());
  record.write_files(run.path());
  const RunDetail whole = detail_of(record, run.path().string());
  CHECK(whole.samples > 6);
  {
    std::ofstream events(run.path() / "events.jsonl", std::ios::app);
    events
        << "{\"at\": 17408304000\n\xFF\xFE \"sample\"\n[\"sample\"]\n{\"event\": \"sample\"}\n"
        << "{\"at\": \"sample\", \"event\": \"sample\"}\n{\"event\": \"sample\", \"at\": 1e99}\n"
        << "\"sample\"" << std::string(100000, ' ') << "\n"
        << "{\"event\": \"sample\", \"at\": 1740830401000, \"rss_bytes\": -1, \"load\": \"x\"}\n";
  }
  CHECK(detail_of(record, run.path().string()).samples == whole.samples + 1);
  const MomentBin second = whole.sessions[1].moment(0, whole.sessions[1].bins_used());
  CHECK(second.rss > 80U << 20U);
  CHECK(second.available < std::uint64_t{6} << 30U);
  CHECK(second.load_sum > 0);
  CHECK(detail_of(record, "nowhere").samples == 0);
}
