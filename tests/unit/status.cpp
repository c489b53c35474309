#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include "runner/journal/journal.hpp"
#include "runner/report/printable.hpp"
#include "runner/report/slot_table.hpp"
#include "runner/report/status_file.hpp"
#include "runner/report/status_text.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::report;
using joust::test::read_text;
using joust::test::ScratchFolder;
using joust::test::write_text;

namespace {

RunStatus some_status() {
  RunStatus status;
  status.name = "small";
  status.pid = 4242;
  status.state = "running";
  status.worlds_total = 756;
  status.worlds_done = 320;
  status.worlds_running = 32;
  status.worlds_pending = 401;
  status.worlds_failed = 3;
  status.attempts_failed = 11;
  status.worlds_per_second = 12.25;
  status.eta_seconds = 35.5;
  status.workers_started = 36;
  status.workers_lost = 4;
  status.rss_bytes = 1288490189;
  status.elapsed_seconds = 26.5;
  status.updated = 1'700'000'000'000;
  status.slots = {{.slot = 0,
                   .epoch = 2,
                   .state = "busy",
                   .task = 321,
                   .seconds = 1.5,
                   .beat_seconds = 0.5,
                   .rss_bytes = 4096,
                   .cpu_seconds = 1.25},
                  {.slot = 1, .epoch = 1, .state = "idle", .task = std::nullopt, .seconds = 0.25}};
  return status;
}

StatusContext alive() {
  return {.dir = "runs/small", .lock_held = true, .now = 1'700'000'000'900, .colour = false};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a status file reads back as it was written") {
  const ScratchFolder run;
  CHECK_FALSE(read_status(run.path()).has_value());
  RunStatus status = some_status();
  write_status(run.path(), status);
  CHECK(read_status(run.path()) == status);
  status.eta_seconds.reset();
  status.slots.clear();
  write_status(run.path(), status);
  CHECK(read_status(run.path()) == status);
  const std::filesystem::directory_iterator files(run.path());
  CHECK(std::distance(begin(files), end(files)) == 1);  // no temporary one is left
}

TEST_CASE("numbers that JSON can not hold do not break the status file") {
  const ScratchFolder run;
  RunStatus status = some_status();
  status.worlds_per_second = std::numeric_limits<double>::quiet_NaN();
  status.eta_seconds = std::numeric_limits<double>::infinity();
  status.name = "bad \xFF name";
  write_status(run.path(), status);
  const auto read = read_status(run.path());
  REQUIRE(read.has_value());
  CHECK(read->worlds_per_second == 0);
  CHECK_FALSE(read->eta_seconds.has_value());
}

TEST_CASE("a damaged status file is an error that points to the journal, at every length") {
  const ScratchFolder run;
  write_status(run.path(), some_status());
  const std::string whole = read_text(run.path() / "status.json");
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    CAPTURE(size);
    write_text(run.path() / "status.json", whole.substr(0, size));
    CHECK_THROWS_AS(read_status(run.path()), journal::JournalError);
  }
  write_text(run.path() / "status.json", R"({"name": 3})");
  CHECK_THROWS_AS(read_status(run.path()), journal::JournalError);
}

TEST_CASE("a status file that can not be written is an error that names it") {
  std::string error;
  try {
    write_status("/nonexistent-folder", some_status());
  } catch (const journal::JournalError& caught) {
    error = caught.what();
  }
  CAPTURE(error);
  CHECK(has(error, "/nonexistent-folder/status.json"));
}

TEST_CASE("the status of a running tournament shows its numbers and slots") {
  const std::string text = render_status(some_status(), alive());
  CAPTURE(text);
  CHECK(has(text, "running (process 4242)\n"));
  CHECK(has(text, "320 of 756 done, 32 running, 401 pending, 3 failed\n"));
  CHECK(has(text, "12.2 worlds/s, ETA 36s, 27s elapsed\n"));
  CHECK(has(text, "36 started, 4 lost\n"));
  CHECK(has(text, "1.2 GiB\n"));
  CHECK(has(text, "   0      2  busy                321       2s       1s     4.0 KiB       1s\n"));
  CHECK_FALSE(has(text, "resume"));
}

TEST_CASE("who is disqualified, and how many worlds are void for that, stands in the status") {
  const ScratchFolder run;
  RunStatus status = some_status();
  CHECK_FALSE(has(render_status(status, alive()), "void"));
  status.worlds_void = 5;
  status.disqualified = {"Ann", "Bob"};
  write_status(run.path(), status);
  CHECK(read_status(run.path()) == status);
  const std::string text = render_status(status, alive());
  CAPTURE(text);
  CHECK(has(text, "401 pending, 3 failed, 5 void\n"));
  CHECK(has(text, "disqualified: Ann, Bob\n"));
}

TEST_CASE("a supervisor that was killed is told from one that runs") {
  StatusContext context = alive();
  context.lock_held = false;
  const std::string text = render_status(some_status(), context);
  CAPTURE(text);
  CHECK(has(text, "was killed (process 4242 is gone); resume with:"));
  CHECK(has(text, "joust resume runs/small\n"));
  CHECK_FALSE(has(text, "slot  epoch"));
}

namespace {

// As many as the tournaments that went wrong had, with the longest texts.
RunStatus large_status() {
  RunStatus status = some_status();
  status.name = std::string(200, 'n');
  status.worlds_total = 123'456'789;
  status.slots.clear();
  for (SlotIndex i = 0; i < 32; ++i) {
    status.slots.push_back({.slot = i,
                            .epoch = 99'999,
                            .state = i % 4 == 3 ? "idle" : "busy",
                            .task = 12'345'678,
                            .seconds = 35'999,
                            .beat_seconds = 35'999,
                            .rss_bytes = 1'072'000'000,
                            .cpu_seconds = 359'999});
  }
  return status;
}

EventTail some_tail() {
  EventTail tail;
  tail.events.assign(8, std::string(150, 'e'));
  tail.rates.assign(60, 12.5);
  return tail;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("the screen of a watched run fits any terminal") {
  StatusContext context = alive();
  context.now += 60'000;  // the line about that shows, too
  for (std::size_t i = 0; i < 2 * 60 * 18; ++i) {
    const std::size_t height = 1 + i / 2 % 60;
    context.colour = i % 2 == 1;
    context.width = 1 + 7 * (i / 120);
    CAPTURE(context.width);
    CAPTURE(height);
    const auto lines = lines_of(render_screen(large_status(), context, some_tail(), height));
    REQUIRE(lines.size() <= height);
    const bool fits = std::all_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return display_width(printable(line)) <= context.width;
    });
    CHECK((fits || context.width < 24));  // where the rate and its title alone are wider
  }
}

TEST_CASE("on a usual terminal the screen has the counts, slots, the speed and events") {
  const std::string text = render_screen(large_status(), alive(), some_tail(), 23);
  CAPTURE(text);
  CHECK(lines_of(text).size() == 23);
  CHECK(has(text, "320 of 123456789 done"));
  CHECK(has(text, "slot  epoch  state"));
  CHECK(has(text, "\n   5  99999  busy "));
  CHECK(has(text, "\nand 26 more: 19 busy, 7 idle\n"));
  CHECK(has(text, "worlds/s  "));
  CHECK(has(text, "now 12.5/s\n"));
  CHECK(has(text, "latest events\n"));
  // all of it where there is room
  const std::string all = render_screen(large_status(), alive(), some_tail(), 80);
  CHECK_FALSE(has(all, "more:"));
  CHECK(lines_of(all).size() == 7 + 2 + 32 + 2 + 2 + 8);
}

TEST_CASE("a narrow status still says how many worlds are done and how many failed") {
  StatusContext context = alive();
  context.width = 61;
  CHECK(has(render_status(some_status(), context),
            "320 of 756 done, 32 running, 401 pending, 3 failed\n"));
  context.width = 60;
  CHECK(has(render_status(some_status(), context), "320/756 done, 3 failed, 32 running\n"));
}

TEST_CASE("a narrow table of slots does without its least important columns") {
  const std::vector<SlotStatus> slots = some_status().slots;
  const auto heading = [&](std::size_t width) {
    return lines_of(render_slots(slots, {.width = width}, false))[0];
  };
  CHECK(has(heading(80), "slot  epoch  state"));
  CHECK(has(heading(80), "cpu"));
  CHECK_FALSE(has(heading(70), "epoch"));
  CHECK(has(heading(60), "memory"));
  CHECK_FALSE(has(heading(60), "cpu"));
  CHECK(render_slots(slots, {.width = 30, .lines = 2}, false) ==
        "slot  state              task\n2 slots: 1 busy, 1 idle\n");
  CHECK(render_slots(slots, {.lines = 0}, false).empty());
}

TEST_CASE("final states are shown as they are and an interrupted run gives the command") {
  RunStatus status = some_status();
  StatusContext context = alive();
  context.lock_held = false;
  status.state = "finished";
  CHECK(has(render_status(status, context), "state      finished\n"));
  status.state = "interrupted";
  CHECK(has(render_status(status, context),
            "state      interrupted; resume with: joust resume runs/small\n"));
  context.lock_held = true;
  CHECK_FALSE(has(render_status(status, context), "resume with"));
}

TEST_CASE("a status that is old while the lock is held is marked as stale") {
  StatusContext context = alive();
  context.now += 60'000;
  CHECK(has(render_status(some_status(), context), "not updated for 1m01s"));
  CHECK_FALSE(has(render_status(some_status(), alive()), "not updated"));
}

TEST_CASE("the progress line is never wider than the terminal, and fuller on a wider one") {
  std::size_t before = 0;
  for (std::size_t width = 0; width <= 140; ++width) {
    CAPTURE(width);
    const std::string plain = render_progress_line(some_status(), width, false);
    CAPTURE(plain);
    CHECK(plain.size() <= width);
    CHECK(plain.size() >= before);
    before = plain.size();
    CHECK(printable(render_progress_line(some_status(), width, true)) == plain);
  }
}

TEST_CASE("the progress line gives up the least important fields first") {
  CHECK(render_progress_line(some_status(), 120, false) ==
        "320/756 done (42%)  32 running  401 pending  3 failed  12.2/s  ETA 36s  4 restarts  1.2 "
        "GiB");
  CHECK(render_progress_line(some_status(), 50, false) ==
        "320/756 done (42%)  3 failed  12.2/s  ETA 36s");
  CHECK(render_progress_line(some_status(), 20, false) == "320/756 done (42%)");
  CHECK(render_progress_line(some_status(), 10, false) == "320/756...");
  CHECK(has(render_progress_line(some_status(), 120, true), "\033[31m3 failed\033[0m"));
}

TEST_CASE("the plain progress line has every field and no escape sequence") {
  RunStatus status = some_status();
  status.eta_seconds.reset();
  status.worlds_done = status.worlds_total - 1;
  CHECK(
      render_progress_plain(status) ==
      "755/756 done (99%)  32 running  401 pending  3 failed  12.2/s  ETA ?  4 restarts  1.2 GiB");
}
