// What the text report says of what was done, what failed, whose fault it was and what it cost.

#include <doctest/doctest.h>

#include "runner/report/evidence.hpp"
#include "runner/report/human.hpp"
#include "runner/report/text_table.hpp"
#include "tests/support/report_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

constexpr journal::UnixMillis kNoon = 1795262400000;  // 2026-11-21 12:00:00 UTC

// The competitors in the seats of a world of the small tournament.
std::vector<std::uint32_t> seats_of(TaskIndex task) {
  const Plan plan(small_tournament().shape);
  std::vector<std::uint32_t> seats;
  plan.seats(plan.cell(task), seats);
  return seats;
}

std::uint32_t not_seated(TaskIndex task) {
  const std::vector<std::uint32_t> seats = seats_of(task);
  return 3 - seats[0] - seats[1];
}

}  // namespace

TEST_CASE("a failure is charged to a competitor only when the evidence names one that sat there") {
  MemoryRecord record = troubled_record();
  record.failed[0].culprit = seats_of(3)[1];   // task 3: charged
  record.failed[1].culprit = not_seated(20);   // task 20: it did not even sit there
  record.failed[5].culprit = seats_of(22)[0];  // task 22: joust ended that attempt itself
  const Report report = report_of(record, in_folder("runs/small"));
  REQUIRE(report.by_competitor.size() == 3);
  std::uint64_t charged = 0;
  std::uint64_t sat_in = 0;
  for (const CompetitorFailures& row : report.by_competitor) {
    charged += row.charged;
    sat_in += row.sat_in;
  }
  CHECK(charged == 1);
  CHECK(report.by_competitor[seats_of(3)[1]].charged == 1);
  CHECK(sat_in == 2 * 5);  // two seats of each of the five attempts that were charged
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "by competitor"));
  CHECK(has(text, "charged to it"));
  CHECK_FALSE(has(text, "No evidence names a competitor"));
}

TEST_CASE("without a name in the evidence, failures are said to be the worlds'") {
  const std::string text = text_of(report_of(troubled_record(), in_folder("runs/small")));
  CAPTURE(text);
  CHECK(has(text, "No evidence names a competitor"));
  CHECK(has(text, "(which proves nothing):"));
  CHECK_FALSE(has(text, "charged to it"));
}

TEST_CASE("worlds given up are counted for each competitor that sat in them") {
  const Report report = report_of(troubled_record(), in_folder("runs/small"));
  std::vector<std::uint64_t> expected(3);
  for (const TaskIndex task : {20U, 21U}) {
    for (const std::uint32_t seat : seats_of(task)) ++expected[seat];
  }
  for (std::uint32_t i = 0; i < 3; ++i) CHECK(report.by_competitor[i].quarantined == expected[i]);
}

TEST_CASE("recovery is measured from a worker's loss to the next one in its slot and session") {
  MemoryRecord record = small_record();
  record.session_rows.resize(2);
  record.session_rows[0].started = kNoon;
  record.session_rows[1].started = kNoon + 60'000;
  const auto start = [&](SlotIndex slot, Epoch epoch, journal::UnixMillis at) {
    record.starts.push_back({.slot = slot, .epoch = epoch, .pid = 1, .at = kNoon + at});
  };
  const auto lose = [&](SlotIndex slot, Epoch epoch, journal::UnixMillis at) {
    journal::WorkerEnd end;
    end.slot = slot;
    end.epoch = epoch;
    end.at = kNoon + at;
    end.lost = true;
    record.ends.push_back(end);
  };
  start(0, 1, 0);
  start(1, 1, 0);
  lose(0, 1, 1000);
  start(0, 2, 1004);  // 4 ms
  lose(1, 1, 2000);
  start(1, 2, 4500);  // 2.5 s
  lose(0, 2, 5000);
  start(0, 3, 5010);    // 10 ms
  lose(1, 2, 59'000);   // the session ends: nobody takes its place
  start(1, 3, 60'500);  // another session's worker
  const Cost cost = report_of(record, in_folder("runs/small")).cost;
  CHECK(cost.lost == 4);
  CHECK(cost.replaced == 3);
  CHECK(cost.median_recovery == doctest::Approx(0.010));
  CHECK(cost.longest_recovery == doctest::Approx(2.5));
  const std::string text = text_of(report_of(record, in_folder("runs/small")));
  CAPTURE(text);
  CHECK(has(text, "3 replaced (median"));
  CHECK(has(text, "10 ms, longest 2.5s)"));
}

TEST_CASE("the time of failed attempts is told beside that of counted ones") {
  MemoryRecord record = troubled_record();
  record.played = std::chrono::seconds(3);  // twenty worlds
  for (journal::FailedAttempt& row : record.failed) row.played = std::chrono::seconds(2);  // six
  const Report report = report_of(record, in_folder("runs/small"));
  CHECK(report.cost.counted_seconds == doctest::Approx(60));
  CHECK(report.cost.failed_seconds == doctest::Approx(12));
  CHECK(
      has(text_of(report), "12s of workers' time went into failed attempts (16.7 % of all play)"));
}

TEST_CASE("each session says when it was, how it ended and how fast it was") {
  MemoryRecord record = small_record();
  record.at = kNoon + 61'000;
  record.session_rows.resize(2);
  record.session_rows[0].started = kNoon;
  record.session_rows[0].workers = 2;  // killed: its end is not recorded
  record.session_rows[1].started = kNoon + 60'000;
  record.session_rows[1].ended = kNoon + 62'000;
  record.session_rows[1].ending = "finished";
  record.session_rows[1].workers = 4;
  record.starts = {{.slot = 0, .epoch = 1, .pid = 7, .at = kNoon + 30'000}};
  const Report report = report_of(record, in_folder("runs/small"));
  CHECK(report.sessions[0].worlds == 0);
  CHECK(report.sessions[0].seconds() == doctest::Approx(30));
  CHECK(report.sessions[1].worlds == 24);
  CHECK(report.sessions[1].worlds_per_second().value() == doctest::Approx(12));
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text,
            "1: ended without a record (killed, or its disk was full) with 2 workers after 30s;"));
  CHECK(has(text, "2: finished with 4 workers after 2.0s, 24 worlds, 12.0 a second;"));
}

TEST_CASE("a frame is shortened to what people look for") {
  CHECK(report::short_frame("#6  0x00007f2ada03445d joust::worlds::chaos::(anonymous namespace)::"
                            "deadlock(int, void (*)(char))+0xed at ../../worker/misbehave.cpp:64 "
                            "in joust-worker") ==
        "#6  joust::worlds::chaos::deadlock at misbehave.cpp:64");
  CHECK(report::short_frame("#0  0x00007f967b3f11bd __libc_read+0xd in joust-worker") ==
        "#0  __libc_read in joust-worker");
  CHECK(report::short_frame("#12 0x00007f2ada03445d operator() (inlined) at a/b.cpp:61 in x") ==
        "#12 operator() at b.cpp:61");
  CHECK(report::short_frame("#8  0x00007f8623a1df3a f(A const&) const [clone .cold]+0x108 in x") ==
        "#8  f in x");
  for (const char* odd : {"#", "# 0x", "#1 nothing", "", "#1  0x12", "#1  0x12 )"}) {
    CAPTURE(odd);
    CHECK(report::short_frame(odd).size() <= std::string(odd).size() + 2);
  }
}

TEST_CASE("a run that is not over says so in its first line") {
  CHECK(text_of(report_of(small_record(12), in_folder("runs/small", true)))
            .starts_with("PARTIAL: the run goes on; 12 of 24 worlds done"));
  CHECK(text_of(report_of(small_record(12), in_folder("runs/small")))
            .starts_with("PARTIAL: the run was interrupted; 12 of 24 worlds done"));
  CHECK_FALSE(has(text_of(report_of(small_record(), in_folder("runs/small"))), "PARTIAL"));
}

TEST_CASE("a report of a run in which nothing went wrong is short") {
  MemoryRecord record = small_record();
  record.session_rows.resize(1);
  record.session_rows[0].ended = 1000;
  record.session_rows[0].ending = "finished";
  const std::string text = text_of(report_of(record, in_folder("runs/small")));
  CAPTURE(text);
  CHECK(std::count(text.begin(), text.end(), '\n') <= 22);
  for (const char* word : {"fail", "cost", "quarantine", "UNEQUAL", "DAMAGED", "worst"}) {
    CHECK_FALSE(has(text, word));
  }
}

TEST_CASE("intervals and what they rest on are shown when they were drawn, and only then") {
  Report report = report_of(small_record(), in_folder("runs/small"));
  report.standings.inference = {};
  CHECK_FALSE(has(text_of(report), "95 %"));
  report.standings.inference = sample_inference();
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "95 % interval"));
  CHECK(has(text, "P(rank 1)"));
  CHECK(has(text, "0.250000 .. 1.250000"));
  CHECK(has(text, "0.500"));
  CHECK(has(text, "~"));
  CHECK(has(text, "FEW BLOCKS: the intervals rest on 4 configurations only"));
  CHECK(has(text, "bootstrap over 4 configurations, 2000 draws"));
  report.standings.inference.few_blocks = false;
  CHECK_FALSE(has(text_of(report), "FEW BLOCKS"));
}

TEST_CASE("the ranking under other assumptions is shown, with an alarm when the winner changes") {
  Report report = report_of(small_record(20), in_folder("runs/small"));
  report.sensitivity = sample_sensitivity(true);
  const std::string same = text_of(report);
  CAPTURE(same);
  CHECK(has(same, "  missing worlds are left out: the ranks above\n"));
  CHECK(has(same, "  the culprit gets 0: the same ranks\n"));
  CHECK_FALSE(has(same, "THE WINNER DEPENDS"));
  report.sensitivity = sample_sensitivity(false);
  const std::string other = text_of(report);
  CAPTURE(other);
  CHECK(has(other, "  the culprit gets 0: Cid 2 (not 1), v1.2 1 (not 2)\n"));
  CHECK(has(other, "THE WINNER DEPENDS ON THE MISSING WORLDS."));
}

TEST_CASE("every rank that an assumption changes is shown, however many competitors there are") {
  Report report = report_of(small_record(20), in_folder("runs/small"));
  SensitivityCase left_out{"missing worlds are left out", {}};
  for (std::uint32_t i = 1; i <= 30; ++i) {
    left_out.ranking.push_back({i, "Competitor number " + std::to_string(i), 40.0 - i});
  }
  SensitivityCase zero = left_out;
  zero.assumption = "the culprit gets 0";
  std::swap(zero.ranking[24].rank, zero.ranking[25].rank);
  report.sensitivity = Sensitivity{{left_out, zero}};
  CHECK(has(text_of(report),
            "  the culprit gets 0: Competitor number 25 26 (not 25), Competitor "
            "number 26 25 (not 26)\n"));
  std::reverse(zero.ranking.begin(), zero.ranking.end());
  for (std::uint32_t i = 0; i < 30; ++i) zero.ranking[i].rank = i + 1;
  report.sensitivity = Sensitivity{{left_out, zero}};
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "and 10 more\n"));
  CHECK(widest_line(text) <= 100);
}

TEST_CASE("nothing is said of culprits of worlds that are merely not played yet") {
  for (const bool goes_on : {true, false}) {
    CHECK_FALSE(
        has(text_of(report_of(small_record(12), in_folder("runs/small", goes_on))), "culprit"));
  }
  const std::string text = text_of(report_of(troubled_record(), in_folder("runs/small")));
  CHECK(has(text, "Of no quarantined world does the evidence name a culprit"));
  MemoryRecord blamed = troubled_record();
  for (journal::FailedAttempt& row : blamed.failed) {
    if (row.task == 20) row.culprit = seats_of(20)[0];
  }
  const std::string one = text_of(report_of(blamed, in_folder("runs/small")));
  CAPTURE(one);
  CHECK(has(one, "1 quarantined world has no known culprit and is left out above.\n"));
}

TEST_CASE("competitors that are not shown beside the failures are counted") {
  Report report = report_of(troubled_record(), in_folder("runs/small"));
  report.by_competitor.clear();
  for (std::uint32_t i = 0; i < 30; ++i) {
    report.by_competitor.push_back(
        {.competitor = i, .name = "c" + std::to_string(i), .charged = 0, .sat_in = 30 - i});
  }
  std::string unnamed = text_of(report);
  std::replace(unnamed.begin(), unnamed.end(), '\n', ' ');
  CHECK(has(unnamed, ", and 20 more."));
  report.by_competitor[7].charged = 1;
  CHECK(has(text_of(report), "\n... and 20 more: --format html or json\n"));
}

TEST_CASE("what the journal does not record of a session is not made up") {
  MemoryRecord record = small_record();
  record.session_rows.resize(1);
  record.session_rows[0].workers = 3;
  CHECK_FALSE(has(text_of(report_of(record, in_folder("runs/small"))), "children"));
  record.session_rows[0].containment = "none";
  CHECK(has(text_of(report_of(record, in_folder("runs/small"))),
            "played in one process: nothing ends what worlds start"));
}

TEST_CASE("the number of workers is that of the run, wherever the report is made") {
  Tournament tournament = small_tournament();
  tournament.pool.workers = 17;
  MemoryRecord record = small_record();
  const Report without = report_of(record, in_folder("runs/small"), tournament);
  CHECK_FALSE(without.pool_size);
  CHECK_FALSE(has(text_of(without), "worker\n"));
  record.session_rows.resize(1);
  record.session_rows[0].workers = 3;
  const std::string text = text_of(report_of(record, in_folder("runs/small"), tournament));
  CAPTURE(text);
  CHECK(has(text, "; truncated_mean, 3"));
  CHECK_FALSE(has(text, "17"));
}

TEST_CASE("a shown world has its log, its stack's top and the command that plays it again") {
  const ScratchFolder run;
  MemoryRecord record = troubled_record();
  record.failed[3].stack = "attempts/20.3.stack";
  record.failed[3].culprit = seats_of(20)[0];
  write_text(run.path() / "attempts/20.3.stack",
             "thread 1 (main)\n  #0  wait_for_ever at world.cpp:12\n  #1  play\n\n");
  const Report report = report_of(record, in_folder(run.path().string()));
  REQUIRE(report.worst[0].task == 20);
  CHECK(report.worst[0].frames ==
        std::vector<std::string>{"#0  wait_for_ever at world.cpp:12", "#1  play"});
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(has(text, "    > #0  wait_for_ever at world.cpp:12\n"));
  CHECK(has(text, "    stack: " + (run.path() / "attempts/20.3.stack").string() + "\n"));
  CHECK(has(text, "    again: joust replay " + run.path().string() + " 20 --attempt 3\n"));
  CHECK(has(text, "    the evidence names: "));
}

TEST_CASE("of a stack the frames of the world are shown, of each thread that has some") {
  const ScratchFolder folder;
  const auto frames = [&](const std::string& text, std::size_t count = 3) {
    write_text(folder.path() / "stack", text);
    return top_frames(folder.path() / "stack", count);
  };
  using Lines = std::vector<std::string>;
  const std::string main_thread =
      "  thread 7 worker, state S (sleeping)\n"
      "    #0  0x01 __lll_lock_wait+0x2b in worker\n"
      "    #1  0x02 pthread_mutex_lock+0x112 at ./nptl/pthread_mutex_lock.c:93 in libc.so.6\n"
      "    #2  0x03 std::mutex::lock() (inlined) at /usr/include/c++/12/bits/std_mutex.h:100 in w\n"
      "    #3  0x03 world::deadlock()+0xed at /src/world.cpp:61 in worker\n"
      "    #4  0x04 _mm_pause() (inlined) at /usr/lib/gcc/x86_64-linux-gnu/12/include/x.h:9 in w\n"
      "    (the same 2 frames 5 times more)\n"
      "    #15 0x05 world::play()+0x1 at /src/world.cpp:12 in worker\n"
      "    #16 0x06 main+0x1 at /src/main.cpp:3 in worker\n";
  const std::string idle_thread =
      "  thread 8 worker, state S (sleeping)\n    #0  0x01 __libc_read+0xd in worker\n"
      "    #1  0x02 start_thread+0x30c in worker\n";
  const std::string other_thread =
      "  thread 9 worker, state S (sleeping)\n    #0  0x01 __lll_lock_wait+0x2b in worker\n"
      "    #5  0x03 operator() (inlined) at /src/world.cpp:64 in worker\n"
      "    #6  0x03 start_thread+0x30c in worker\n";
  const Lines of_main = {"#0  __lll_lock_wait in worker", "#3  world::deadlock at world.cpp:61",
                         "#15 world::play at world.cpp:12"};
  CHECK(frames("process 7 worker\n" + main_thread + "  module ab /worker\n") == of_main);
  CHECK(frames(main_thread + idle_thread) == of_main);
  Lines of_both = of_main;
  of_both.insert(of_both.begin(), "thread 7 worker, state S (sleeping)");
  of_both.insert(of_both.end(),
                 {"thread 9 worker, state S (sleeping)", "#0  __lll_lock_wait in worker",
                  "#5  operator() at world.cpp:64"});
  CHECK(frames(main_thread + idle_thread + other_thread) == of_both);
  of_both.emplace_back("and more threads");
  CHECK(frames(main_thread + other_thread + other_thread) == of_both);
  CHECK(frames(idle_thread) == Lines{"#0  __libc_read in worker", "#1  start_thread in worker"});
  CHECK(frames(idle_thread, 1) == Lines{"#0  __libc_read in worker"});
  CHECK(frames("signal 6 SIGABRT\nthread 7\n    #0  0x01 abort+0xd3 in worker\n"
               "    #1  0x02 free+0x6d in worker\n    #2  0x03 f()+0x1 at /src/f.cpp:9 in w\n") ==
        Lines{"#0  abort in worker", "#2  f at f.cpp:9"});
  CHECK(frames("Traceback\n  File x.py\n") == Lines{"Traceback", "File x.py"});
}

TEST_CASE("a stack path that leads out of the run directory is not read") {
  const ScratchFolder outer;
  write_text(outer.path() / "secret", "#0 secret\n");
  std::filesystem::create_directories(outer.path() / "run");
  MemoryRecord record = troubled_record();
  for (journal::FailedAttempt& row : record.failed) row.stack = "../secret";
  for (const TroubledWorld& world :
       report_of(record, in_folder((outer.path() / "run").string())).worst) {
    CHECK(world.frames.empty());
  }
}

TEST_CASE("a failed attempt of a task that the plan does not have is counted and shown nowhere") {
  MemoryRecord record = small_record();
  record.failed = {failed(999, 1, Cause::crashed)};
  record.failed[0].culprit = 7;
  const Report report = report_of(record, in_folder("runs/small"));
  CHECK(report.failed_attempts == 1);
  CHECK(report.worst.empty());
  for (const CompetitorFailures& row : report.by_competitor) CHECK(row.charged + row.sat_in == 0);
}

TEST_CASE("what could not be read of the journal is said first") {
  Report report = report_of(small_record(), in_folder("runs/small"));
  report.damage = {"run.db: the result of task 3 is damaged"};
  CHECK(text_of(report).starts_with("DAMAGED: 1 part of the journal could not be read"));
}

TEST_CASE("with everything in it the report is still at most 100 columns wide") {
  Tournament tournament = small_tournament();
  tournament.setup.competitors[2].name = "\xE5\x90\x8D " + std::string(200, 'w');
  MemoryRecord record = troubled_record();
  record.failed[0].culprit = seats_of(3)[0];
  Report report = report_of(record, in_folder("r"), tournament);
  report.standings.inference = sample_inference();
  report.standings.coverage.unusable = 123456;
  report.standings.inference.competitors[0].interval = {.low = -1234567.5, .high = 1234567.5};
  report.sensitivity = sample_sensitivity(false);
  report.sensitivity->cases[0].ranking[0].name = std::string(300, 's');
  report.damage = {std::string(300, 'x')};
  // the winner's name alone may be longer than a line; it is not cut
  report.standings.ranking[0].name = "Ann";
  const std::string text = text_of(report);
  CAPTURE(text);
  CHECK(widest_line(text) <= 100);
}

TEST_CASE("times and durations are told for people") {
  CHECK(human_time(kNoon) == "2026-11-21 12:00:00 UTC");
  CHECK(iso_time(kNoon + 17) == "2026-11-21T12:00:00.017Z");
  CHECK(human_span(kNoon, kNoon + 2000) == "2026-11-21 12:00:00 to 12:00:02 UTC");
  CHECK(human_span(kNoon, kNoon + 86'400'000) == "2026-11-21 12:00:00 to 2026-11-22 12:00:00 UTC");
  CHECK(human_time(-1) == "?");
  CHECK(human_time(std::numeric_limits<std::int64_t>::max()) == "?");
  CHECK(human_fine_seconds(0.0004) == "<1 ms");
  CHECK(human_fine_seconds(0.012) == "12 ms");
  CHECK(human_fine_seconds(0.9996) == "1.0s");
  CHECK(human_fine_seconds(9.96) == "10s");
  CHECK(human_fine_seconds(std::nan("")) == "?");
}

TEST_CASE("a table clips texts, never numbers, to fit") {
  TextTable table({{"name", true}, {"n"}});
  table.add({std::string(50, 'a'), "123456789012345678901234567890"});
  table.add({"b", "1"});
  std::ostringstream out;
  table.print(out, 45, Paint(false));
  CHECK(widest_line(out.str()) == 45);
  CHECK(has(out.str(), "  123456789012345678901234567890\n"));
  CHECK(has(out.str(), "aaa...  "));
}
