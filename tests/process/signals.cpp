// Signals to a running supervisor: stop in three steps, pause and go on, tell what is going on.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

// A running tournament in a folder of its own.
struct Running {
  ScratchFolder folder;
  std::filesystem::path dir = folder.path() / "run";
  JoustProcess process;

  explicit Running(const SpecText& spec, std::vector<std::string> options = {})
      : process(arguments(spec, std::move(options))) {}

  std::vector<std::string> arguments(const SpecText& spec, std::vector<std::string> options) {
    std::vector<std::string> all = {"run", write_spec(folder.path(), spec).string(), "--out",
                                    dir.string()};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }
  void wait_for_results(std::uint64_t count) {
    INFO("joust said: " << process.err());
    REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= count; }));
  }
  // A worker that is ready is given a world in the same turn.
  void wait_for_ready_workers(int count) {
    REQUIRE(eventually(seconds(20), [&] {
      const auto events = events_of(dir);
      return std::count_if(events.begin(), events.end(), [](const auto& event) {
               return event["event"] == "worker_ready";
             }) == count;
    }));
  }
  bool said(const std::string& text) { return process.err().find(text) != std::string::npos; }
};

// Lets time pass for the processes under test; no condition is waited for.
void let_pass(std::chrono::nanoseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  eventually(time, [end] { return std::chrono::steady_clock::now() >= end; });
}

SpecText long_worlds() {
  SpecText spec = busy_worlds(500, "300ms");
  spec.of_workers = "count = 2";
  return spec;
}

TEST_CASE("the first SIGINT lets running worlds finish, keeps them, and tells how to go on") {
  Running run(long_worlds());
  run.wait_for_results(2);
  run.process.signal(SIGINT);
  CHECK(run.process.wait() == 130);
  CAPTURE(run.process.err());
  CHECK(run.said("stopping; the worlds that are being played may finish"));
  CHECK(run.said("joust resume " + run.dir.string()));
  CHECK(run.process.descendants().empty());
  const auto report = report_of(run.dir);
  CHECK(report["state"] == "interrupted");
  CHECK(report["failed_attempts"] == 0);
  CHECK(report["done"].get<int>() >= 3);  // at least one was being played
  CHECK(report["complete"] == false);
  CHECK(report["winners"].empty());
  CHECK(run.process.out().find("worlds") != std::string::npos);
  CHECK(run.process.out().find("missing") != std::string::npos);
  CHECK_NOTHROW(tables_of(run.dir));
}

TEST_CASE("SIGTERM to all processes of a job, as batch systems send it, is charged to no world") {
  Running run(long_worlds());
  run.wait_for_results(2);
  for (const int worker : run.process.workers()) ::kill(worker, SIGTERM);
  run.process.signal(SIGTERM);
  CHECK(run.process.wait() == 143);
  CAPTURE(run.process.err());
  const auto report = report_of(run.dir);
  CHECK(report["state"] == "interrupted");
  CHECK(report["failed_attempts"] == 0);
}

TEST_CASE("SIGTERM drains as well and gives exit code 143") {
  Running run(long_worlds());
  run.wait_for_results(1);
  run.process.signal(SIGTERM);
  CHECK(run.process.wait() == 143);
  CHECK(run.said("joust resume"));
  CHECK(report_of(run.dir)["failed_attempts"] == 0);
}

TEST_CASE("the second SIGINT stops the worlds that are being played, and charges nobody") {
  SpecText spec = busy_worlds(10, "100s");
  spec.of_workers = "count = 2";
  Running run(spec);
  run.wait_for_ready_workers(2);
  run.process.signal(SIGINT);
  REQUIRE(eventually(seconds(5), [&] { return run.said("once more: stop them now"); }));
  run.process.signal(SIGINT);
  CHECK(run.process.wait(seconds(5)) == 130);
  CHECK(run.said("stopping now"));
  CHECK(run.process.descendants().empty());
  const auto report = report_of(run.dir);
  CHECK(report["failed_attempts"] == 0);
  CHECK(report["done"] == 0);
  CHECK(report["ending"] == "interrupted");
}

TEST_CASE("the third signal leaves at once, and no process of the run survives it for a second") {
  SpecText spec = busy_worlds(10, "100s");
  spec.of_workers = "count = 2";
  Running run(spec);
  run.wait_for_ready_workers(2);
  run.process.signal(SIGTERM);
  REQUIRE(eventually(seconds(5), [&] { return run.said("once more: stop them now"); }));
  // two that arrive together: the run cannot end in an orderly way in between
  run.process.signal(SIGSTOP);
  REQUIRE(eventually(seconds(5), [&] { return state_of(run.process.pid()) == 'T'; }));
  run.process.signal(SIGINT);
  run.process.signal(SIGTERM);
  run.process.signal(SIGCONT);
  CHECK(run.process.wait(seconds(5)) == 143);
  CHECK(eventually(seconds(1), [&] { return run.process.descendants().empty(); }));
  CAPTURE(run.process.err());
  CHECK(report_of(run.dir)["ending"] == "");  // as if it had been killed
}

TEST_CASE("SIGTSTP pauses the workers too, deadlines wait, and nobody is charged") {
  SpecText spec = dilemma(2000, 20'000);
  spec.of_world = "deadline = \"700ms\"\nstall_timeout = \"400ms\"";
  spec.of_workers = "count = 2\nfrozen_timeout = \"300ms\"";
  Running run(spec);
  run.wait_for_results(4);
  run.process.signal(SIGTSTP);
  REQUIRE(eventually(seconds(5), [&] { return state_of(run.process.pid()) == 'T'; }));
  const std::vector<int> workers = run.process.workers();
  REQUIRE(workers.size() == 2);
  for (const int worker : workers) {
    CHECK(eventually(seconds(1), [&] { return state_of(worker) == 'T'; }));
  }
  let_pass(milliseconds(1500));
  const std::uint64_t before = results_in(run.dir);
  run.process.signal(SIGCONT);
  run.wait_for_results(before + 20);
  CHECK(run.process.workers() == workers);
  run.process.signal(SIGINT);
  CHECK(run.process.wait() == 130);
  const auto report = report_of(run.dir);
  CHECK(report["failed_attempts"] == 0);
  CHECK(report["workers"]["lost"] == 0);
}

TEST_CASE("a supervisor that was stopped for longer than every deadline blames nobody") {
  SpecText spec = dilemma(2000, 20'000);
  spec.of_world = "deadline = \"700ms\"\nstall_timeout = \"400ms\"";
  spec.of_workers = "count = 2\nfrozen_timeout = \"300ms\"";
  Running run(spec);
  run.wait_for_results(4);
  const std::vector<int> workers = run.process.workers();
  run.process.signal(SIGSTOP);
  REQUIRE(eventually(seconds(5), [&] { return state_of(run.process.pid()) == 'T'; }));
  let_pass(milliseconds(1500));
  const std::uint64_t before = results_in(run.dir);
  run.process.signal(SIGCONT);
  run.wait_for_results(before + 20);
  CHECK(run.process.workers() == workers);
  run.process.signal(SIGINT);
  CHECK(run.process.wait() == 130);
  CHECK(report_of(run.dir)["failed_attempts"] == 0);
}

TEST_CASE("SIGUSR1 shows what each slot does and all stacks, and the run goes on") {
  Running run(busy_worlds(5, "300ms"), {"--workers", "2"});
  run.wait_for_results(1);
  const std::vector<int> workers = run.process.workers();
  REQUIRE(workers.size() == 2);
  run.process.signal(SIGUSR1);
  for (const int worker : workers) {
    const std::string stacks = "process " + std::to_string(worker) + " joust-worker";
    CHECK(eventually(seconds(5), [&] { return run.said(stacks); }));
  }
  CAPTURE(run.process.err());
  CHECK(run.said("slot  epoch  state"));
  CHECK(run.said("busy"));
  CHECK(run.said("done"));
  CHECK(run.process.wait() == 0);
  CHECK(report_of(run.dir)["failed_attempts"] == 0);
}

TEST_CASE("SIGUSR1 is answered in process, too, while a world plays") {
  Running run(busy_worlds(500, "40ms"), {"--in-process"});
  REQUIRE(eventually(seconds(20), [&] { return run.said("--in-process"); }));
  run.process.signal(SIGUSR1);
  CHECK(eventually(seconds(5), [&] { return run.said("joust: no stacks: worlds are played in"); }));
  CAPTURE(run.process.err());
  CHECK(run.said("1 running"));
  CHECK(run.said("   0      0  busy "));
  run.process.signal(SIGINT);
  CHECK(run.process.wait() == 130);
}

TEST_CASE("a guard that was killed is replaced") {
  Running run(busy_worlds(10, "200ms"), {"--workers", "2"});
  run.wait_for_results(1);
  const int guard = guard_of(run.process.pid());
  REQUIRE(guard != 0);
  ::kill(guard, SIGKILL);
  CHECK(eventually(seconds(5), [&] {
    const int now = guard_of(run.process.pid());
    return now != 0 && now != guard;
  }));
  CHECK(run.process.wait() == 0);
  CHECK(run.process.descendants().empty());
}

TEST_CASE("a run that was started with SIGHUP ignored outlives its terminal") {
  ScratchFolder folder;
  const auto spec = write_spec(folder.path(), busy_worlds(4, "100ms"));
  JoustOptions options;
  options.program = "/usr/bin/nohup";
  JoustProcess process(
      {JOUST_BIN_DIR "/joust", "run", spec.string(), "--out", (folder.path() / "run").string()},
      options);
  REQUIRE(eventually(seconds(20), [&] { return results_in(folder.path() / "run") >= 1; }));
  process.signal(SIGHUP);
  CHECK(process.wait() == 0);
}

}  // namespace
}  // namespace joust::test
