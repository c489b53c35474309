// What is left of a world that went wrong: its stacks, and whose fault it was.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>

#include "common/sanitizer.hpp"
#include "tests/support/chaos_run.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a world that is stuck is found with the stacks of all its threads") {
  const ChaosRun run(
      "\"spin task=1 attempt=1\", \"block task=2 attempt=1\", \"deadlock task=3 attempt=1\", "
      "\"stop task=4 attempt=1\"");
  REQUIRE(run.ending.code == 0);
  CHECK(has(run.stack_of(1), "spin"));
  CHECK(has(run.stack_of(2), "block"));
  const std::string deadlock = run.stack_of(3);
  CAPTURE(deadlock);
  std::size_t threads = 0;
  for (std::size_t at = deadlock.find("  thread "); at != std::string::npos;
       at = deadlock.find("  thread ", at + 1)) {
    ++threads;
  }
  CHECK(threads == 2);
  CHECK(has(deadlock, "mutex_lock"));
  CHECK(has(run.stack_of(4), "state T (stopped)"));
  CHECK(has(run.stack_of(4), "module "));  // with its build id
}

// joust in a folder of its own, with that program in the place of joust-stacks; empty: with none.
fs::path joust_with_helper(const fs::path& folder, const std::string& helper) {
  for (const char* name : {"joust", "joust-worker"}) {
    fs::copy_file(fs::path(JOUST_BIN_DIR) / name, folder / name);
  }
  if (!helper.empty()) {
    write_text(folder / "joust-stacks", helper);
    fs::permissions(folder / "joust-stacks", fs::perms::owner_all);
  }
  return folder / "joust";
}

TEST_CASE("the report shows where in the world's own code each thread was") {
  const ChaosRun run("\"deadlock task=3 attempt=1\"");
  REQUIRE(run.ending.code == 0);
  const auto report = report_of(run.dir);
  const auto frames = report["worst_worlds"][0]["frames"];
  CAPTURE(frames.dump(1));
  const auto has_frame = [&](std::size_t from, const std::string& text) {
    return std::any_of(
        frames.begin() + static_cast<std::ptrdiff_t>(from), frames.end(),
        [&](const auto& frame) { return has(frame.template get<std::string>(), text); });
  };
  CHECK(has_frame(0, "chaos::deadlock at misbehave.cpp:"));
  REQUIRE(frames.size() > 7);
  CHECK(has(frames[0], "thread "));
  CHECK(has(frames[6], "thread "));
  CHECK(has_frame(7, " at misbehave.cpp:"));
  CHECK_FALSE(has_frame(0, "std_mutex.h"));
}

TEST_CASE("a post-mortem that hangs is cut off, and the world that was stuck is charged as such") {
  const ScratchFolder programs;
  JoustOptions options;
  options.program = joust_with_helper(programs.path(), "#!/bin/sh\necho begun\nexec sleep 600\n");
  ChaosRun run("\"spin task=1 attempt=1\"", "", options);
  CHECK(run.ending.code == 0);
  const auto failed = failed_attempts_of(run.dir);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].cause == Cause::stalled);
  CHECK(failed[0].detail.find("SIGKILL") == std::string::npos);  // the kernel was not slow
  const std::string stack = run.stack_of(1);
  CAPTURE(stack);
  CHECK(stack.starts_with("begun\n[joust: the taking of the stacks was cut off after "));
  CHECK(stack.ends_with(" s; the rest is missing]\n"));
}

TEST_CASE("a post-mortem that crashes says so") {
  const ScratchFolder programs;
  JoustOptions options;
  options.program = joust_with_helper(programs.path(), "#!/bin/sh\necho begun\nkill -SEGV $$\n");
  const ChaosRun run("\"spin task=1 attempt=1\"", "", options);
  CHECK(run.ending.code == 0);
  CHECK(run.stack_of(1) ==
        "begun\n[joust: the taking of the stacks failed: joust-stacks was ended by signal 11; the "
        "rest is missing]\n");
}

TEST_CASE("SIGUSR1 while stacks are being printed says that they are not printed again") {
  const ScratchFolder folder;
  JoustOptions options;
  options.program = joust_with_helper(folder.path(), "#!/bin/sh\necho begun\nexec sleep 600\n");
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), busy_worlds(500, "40ms")).string(),
                        "--out", dir.string(), "--quiet"},
                       options);
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= 1; }));
  process.signal(SIGUSR1);
  REQUIRE(eventually(seconds(5), [&] { return has(process.err(), "begun\n"); }));
  process.signal(SIGUSR1);
  CHECK(eventually(seconds(5), [&] {
    return has(process.err(),
               "joust: no stacks: those of an earlier SIGUSR1 are still being taken");
  }));
  CHECK(eventually(seconds(10), [&] {
    return has(process.err(), "[joust: the taking of the stacks was cut off after 3.");
  }));
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
}

TEST_CASE("without joust-stacks a run says so once, and leaves no empty files") {
  const ScratchFolder programs;
  JoustOptions options;
  options.program = joust_with_helper(programs.path(), "");
  ChaosRun run("\"spin task=1 attempt=1\", \"fault task=2 attempt=1\"", "", options);
  CHECK(run.ending.code == 0);
  CHECK(has(run.ending.err, "joust-stacks was not found"));
  for (const auto& entry : fs::directory_iterator(run.dir / "attempts")) {
    CAPTURE(entry.path());
    CHECK(fs::file_size(entry.path()) > 0);
  }
  for (const auto& row : failed_attempts_of(run.dir)) {
    if (row.cause == Cause::stalled) CHECK(row.stack.empty());
  }
}

TEST_CASE("a world that crashes leaves its signal, its address and its stack, with names") {
  if (kSanitized) {
    MESSAGE("the sanitizers have crash handlers of their own");
    return;
  }
  const ChaosRun run(
      "\"corrupt task=1 attempt=1\", \"overflow task=2 attempt=1\", "
      "\"null_call task=3 attempt=1\", \"fault task=4 attempt=1\"");
  REQUIRE(run.ending.code == 0);
  CHECK(has(run.stack_of(1), "signal 6 SIGABRT"));
  CHECK(has(run.stack_of(1), "corrupt_heap"));
  CHECK(has(run.stack_of(2), "signal 11 SIGSEGV"));
  CHECK(has(run.stack_of(2), "descend"));
  CHECK(has(run.stack_of(3), "address 0x0"));
  CHECK(has(run.stack_of(3), "call_null"));
  CHECK(has(run.stack_of(4), "address 0x0"));
  CHECK(has(run.stack_of(4), "write_to_null"));
  for (const auto& entry : fs::directory_iterator(run.dir / "attempts")) {
    CHECK(entry.path().extension() != ".tmp");
  }
}

TEST_CASE("a failure is charged to the competitor that it names, and to nobody else") {
  const ChaosRun run("\"throw task=3 seat=1 text=mine\", \"throw task=4 text=nobody\"");
  CHECK(run.ending.code == 3);
  const auto report = report_of(run.dir);
  const auto seats_of = [&](int task) {
    for (const auto& world : report["worst_worlds"]) {
      if (world["task"] == task) return world["seated"];
    }
    return nlohmann::json();
  };
  const auto seated = seats_of(3);
  REQUIRE(seated.size() == 2);
  for (const auto& standing : report["standings"]) {
    const bool is_culprit = standing["competitor"] == seated[1];
    CHECK(standing["failures_charged"] == (is_culprit ? 3 : 0));
  }
  CHECK(report["sensitivity"]["unblamed"] == 1);
  CHECK(report["sensitivity"]["cases"].size() == 3);
  const std::string failures = read_text(run.dir / "failures.csv");
  CHECK(std::count(failures.begin(), failures.end(), '\n') == 7);
  CHECK(has(read_text(run.dir / "standings.csv"), ",3,0,\n"));
  CHECK(has(read_text(run.dir / "report.html"), "</html>"));
}

TEST_CASE("a report that cannot be written is an error, and devices and links stay what they are") {
  const ChaosRun run("");
  JoustOptions shell;
  shell.program = "/bin/sh";
  const std::string report = std::string(JOUST_BIN_DIR) + "/joust report " + run.dir.string();
  for (const char* format : {"text", "json", "html", "junit", "markdown"}) {
    CAPTURE(format);
    const Finished lost = joust({"-c", report + " --format " + format + " > /dev/full"}, shell);
    CHECK(lost.code == 5);
    CHECK(has(lost.err, "cannot write to standard output"));
  }
  const fs::path target = run.folder.path() / "target";
  const fs::path link = run.folder.path() / "link";
  write_text(target, "before");
  fs::create_symlink(target, link);
  CHECK(joust({"report", run.dir.string(), "-o", link.string()}).code == 0);
  CHECK(fs::is_symlink(link));
  CHECK(has(read_text(target), "10 of 10 done"));
  const fs::path device = run.folder.path() / "device";
  fs::create_symlink("/dev/full", device);
  CHECK(joust({"report", run.dir.string(), "-o", device.string()}).code == 5);
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("of a damaged run the report shows what can be read, and says what is wrong") {
  const ChaosRun run("");
  const fs::path db = run.dir / "run.db";
  const std::string sound = read_text(db);
  SUBCASE("the spec is gone") {
    fs::remove(run.dir / "spec.toml");
    const Finished report = joust({"report", run.dir.string()});
    CHECK(report.code == 2);
    CHECK(has(report.out, "10 of 10 done"));
    CHECK(has(report.err, "spec.toml"));
    CHECK(has(report.err, "The spec that run.db recorded is used"));
  }
  SUBCASE("the journal is cut short") {
    write_text(db, sound.substr(0, sound.size() - 4096));
    const Finished report = joust({"report", run.dir.string()});
    CAPTURE(report.out);
    CHECK(report.code == 5);
    CHECK(has(report.out, "DAMAGED"));
    CHECK(has(report.err, "run.db"));
    CHECK(has(report.err, "; the report shows what can still be read\n"));
    CHECK(std::count(report.err.begin(), report.err.end(), '\n') == 2);  // and what it took
    CHECK(read_text(db).size() == sound.size() - 4096);
  }
  SUBCASE("another file lies in its place") {
    write_text(db, "something else altogether, and long enough to be looked at");
    const Finished report = joust({"report", run.dir.string()});
    CHECK(report.code == 2);
    CHECK(has(report.err, "not a joust journal"));
    CHECK(has(report.err, "the last status that the run wrote"));
    CHECK(has(report.out, "10 of 10 done"));
  }
}

}  // namespace
}  // namespace joust::test
