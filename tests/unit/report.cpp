#include "runner/report/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runner/report/printable.hpp"
#include "runner/report/report_text.hpp"
#include "runner/report/summary_json.hpp"
#include "runner/scoring/tables.hpp"
#include "tests/support/report_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

TEST_CASE("a complete run names its winner and rests on all worlds") {
  const Report report = report_of(small_record(), in_folder("runs/small"));
  CHECK(report.state == RunState::finished);
  CHECK(winner_line(report) == "winner (of all 24 worlds): Bob, \"the Builder\"");
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "24 of 24 done\n"));
  CHECK_FALSE(has(text, "UNEQUAL"));
  CHECK_FALSE(has(text, "missing"));
  CHECK_FALSE(has(text, "\033"));
}

TEST_CASE("a winner with worlds missing is never named without saying so on the same line") {
  MemoryRecord record = small_record(22);
  record.given_up = {{.task = 22, .cause = Cause::crashed}, {.task = 23, .cause = Cause::crashed}};
  const Report report = report_of(record, in_folder("runs/small"));
  CHECK(report.state == RunState::finished);
  CHECK(has(winner_line(report), "winner (of 22 of 24 worlds; 2 missing): "));
  std::istringstream lines(text_of(report));
  int named = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("winner")) continue;
    ++named;
    CHECK(has(line, "winner (of 22 of 24 worlds; 2 missing): "));
  }
  CHECK(named == 1);
}

TEST_CASE("a run that is not over has a leader and no winner") {
  const Report running = report_of(small_record(12), in_folder("runs/small", true));
  CHECK(running.state == RunState::running);
  CHECK(has(winner_line(running), "leader so far (of 12 of 24 worlds; 12 missing): "));
  const Report interrupted = report_of(small_record(12), in_folder("runs/my run"));
  CHECK(interrupted.state == RunState::interrupted);
  CHECK(has(text_of(interrupted), "interrupted; resume with: joust resume 'runs/my run'\n"));
  CHECK(nlohmann::json::parse(summary_json(interrupted))["winners"].empty());
}

TEST_CASE("ties share their rank and are all named") {
  const Tournament tournament = small_tournament();
  MemoryRecord record;
  WorldResult same;
  same.seats = {{.agent_name = "", .score = 1}, {.agent_name = "", .score = 1}};
  for (TaskIndex task = 0; task < 24; ++task) record.add(task, same);
  const Report report = report_of(record, in_folder("runs/small"));
  CHECK(winner_line(report) == "winners (of all 24 worlds): Bob, \"the Builder\", Cid, v1.2");
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "  1=  Cid  "));
}

TEST_CASE("an empty run is reported without a winner") {
  const Report report = report_of(MemoryRecord{}, in_folder("runs/small"));
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text,
            "no winner (of 0 of 24 worlds; 24 missing): the metric is undefined for all of them"));
  CHECK(has(text, "0 started, 0 lost"));
  CHECK(nlohmann::json::parse(summary_json(report))["standings"][0]["score"].is_null());
}

TEST_CASE("unusable scores and unequal coverage are shown") {
  MemoryRecord record = small_record();
  WorldResult broken = small_result(2);
  broken.seats[1].score = std::nan("");
  record.add(2, broken);
  const Report report = report_of(record, in_folder("runs/small"));
  CHECK(has(winner_line(report), "(of all 24 worlds; 1 score unusable): "));
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "unusable\n"));
  CHECK(has(text, "UNEQUAL COVERAGE: "));
  CHECK(has(text, "has 15 scores"));
}

TEST_CASE("failures are counted by cause with what became of their worlds") {
  const Report report = report_of(troubled_record(), in_folder("runs/small"));
  REQUIRE(report.failures.size() == 3);
  CHECK(report.failed_attempts == 6);
  const CauseSummary& crashed = report.failures[0];
  CHECK(crashed.cause == Cause::crashed);
  CHECK(crashed.attempts == 3);
  CHECK(crashed.worlds == 2);
  CHECK(crashed.quarantined == 2);
  const CauseSummary& timed_out = report.failures[1];
  CHECK(timed_out.cause == Cause::timed_out);
  CHECK(timed_out.attempts == 2);
  CHECK(timed_out.worlds == 2);
  CHECK(timed_out.recovered == 1);
  CHECK(timed_out.quarantined == 1);
  const CauseSummary& cancelled = report.failures[2];
  CHECK(cancelled.worlds == 1);
  CHECK(cancelled.open == 1);
  CHECK(report.workers.started == 7);
  CHECK(report.workers.lost == 3);
  CHECK(report.workers.lost_by_ending.at("signal 9 (SIGKILL)") == 2);
}

TEST_CASE("the worst worlds come first, with the last words of their last attempt") {
  const ScratchFolder run;
  std::filesystem::create_directory(run.path() / "attempts");
  write_text(run.path() / "attempts/20.3.log",
             "start\nstep 1\nstep 2\ndouble free or corruption\n");
  write_text(run.path() / "attempts/20.1.log", "an earlier attempt\n");
  const Report report = report_of(troubled_record(), in_folder(run.path().string()));
  REQUIRE(report.worst.size() == 3);
  CHECK(report.worst[0].task == 20);
  CHECK(report.worst[0].fate == Fate::quarantined);
  CHECK(report.worst[0].failed_attempts == 3);
  CHECK(report.worst[0].attempt == 3);
  CHECK(report.worst[0].seated.size() == 2);
  CHECK(report.worst[0].last_words ==
        std::vector<std::string>{"step 1", "step 2", "double free or corruption"});
  CHECK(report.worst[1].task == 21);
  CHECK(report.worst[1].last_words.empty());
  CHECK(report.worst[2].task == 3);
  CHECK(report.worst[2].fate == Fate::recovered);
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "    | double free or corruption\n"));
  CHECK(has(text, "quarantined, 3 failed attempts, last timed_out: detail of 20.3\n"));
}

TEST_CASE("a log path that leads out of the run directory is not read") {
  const ScratchFolder outer;
  write_text(outer.path() / "secret", "secret\n");
  std::filesystem::create_directories(outer.path() / "run");
  MemoryRecord record = troubled_record();
  for (journal::FailedAttempt& row : record.failed) row.log = "../secret";
  for (const TroubledWorld& world :
       report_of(record, in_folder((outer.path() / "run").string())).worst) {
    CHECK(world.last_words.empty());
  }
}

TEST_CASE("the text is at most 100 columns wide whatever the names and details are") {
  const ScratchFolder run;
  Tournament tournament = small_tournament();
  tournament.setup.competitors[0].name = std::string(300, 'n');
  tournament.setup.competitors[1].name = "\xE5\x90\x8D\xE5\x89\x8D \033[31mred";
  MemoryRecord record = troubled_record();
  std::filesystem::create_directory(run.path() / "attempts");
  for (journal::FailedAttempt& row : record.failed) {
    row.detail = std::string(5000, 'd');
    write_text(run.path() / row.log, std::string(20000, 'x'));
  }
  record.session_rows.resize(9);
  record.ends[0].ending = std::string(400, 'e');
  const Report report = report_of(record, in_folder(run.path().string()), tournament);
  const std::string text = text_of(report);
  CAPTURE(text);
  // the winner's name alone is longer than a line; it is not cut
  std::string without_winner = text;
  const std::size_t name = without_winner.find(std::string(300, 'n'));
  if (name != std::string::npos) without_winner.erase(name, 300);
  CHECK(widest_line(without_winner) <= 100);
  CHECK_FALSE(has(text, "\033"));
}

TEST_CASE("colour is used only when asked for and changes no letter") {
  const Report report = report_of(troubled_record(), in_folder("runs/small"));
  const std::string plain = text_of(report);
  const std::string coloured = text_of(report, true);
  CHECK(has(coloured, "\033[31m"));
  std::string stripped;
  std::istringstream lines(coloured);
  for (std::string line; std::getline(lines, line);) stripped += printable(line) + "\n";
  CHECK(stripped == plain);
}

TEST_CASE("sessions that were killed are told from those that ended") {
  MemoryRecord record = small_record(12);
  record.session_rows.resize(2);
  record.session_rows[0].ended = 5;
  record.session_rows[1].started = 6;
  record.session_rows[0].ending = "interrupted";
  record.session_rows[0].workers = 4;
  record.session_rows[1].workers = 1;
  CHECK(has(text_of(report_of(record, in_folder("runs/small"))),
            "1: interrupted with 4 workers after "));
  CHECK(has(text_of(report_of(record, in_folder("runs/small"))),
            "2: ended without a record (killed, or its disk was full) with 1 worker"));
  CHECK(has(text_of(report_of(record, in_folder("runs/small", true))),
            "2: running with 1 worker for "));
}

TEST_CASE("the summary has the same numbers as the report") {
  const ScratchFolder run;
  const Tournament tournament = small_tournament();
  const MemoryRecord record = troubled_record();
  scoring::write_tables(scoring::tables_folder(run.path(), tournament), tournament,
                        Plan(tournament.shape), record);
  const auto json =
      nlohmann::json::parse(summary_json(report_of(record, in_folder(run.path().string()))));
  CAPTURE(json.dump());
  CHECK(json["name"] == "small");
  CHECK(json["state"] == "interrupted");
  CHECK(json["complete"] == false);
  CHECK(json["expected"] == 24);
  CHECK(json["done"] == 20);
  CHECK(json["missing"] == 4);
  CHECK(json["quarantined"] == 2);
  CHECK(json["unplayed"] == 2);
  CHECK(json["standings"].size() == 3);
  CHECK(json["standings"][0]["rank"] == 1);
  CHECK(json["failures"]["crashed"]["attempts"] == 3);
  CHECK(json["failures"]["timed_out"]["recovered"] == 1);
  CHECK(json["workers"]["lost_by_ending"]["exit code 3"] == 1);
  CHECK(json["paths"]["tables"] == (run.path() / "small-stage-0001").string());
  CHECK(json["resume"].get<std::string>().rfind("joust resume ", 0) == 0);
}
