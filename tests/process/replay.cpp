// A world of a run is played again: what is said of it before and after.

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/support/chaos_run.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("a world that is played again gives the recorded result, or says that it does not") {
  const ChaosRun run("\"throw task=3 text=boom\"");
  const Finished same = joust({"replay", run.dir.string(), "5"});
  CAPTURE(same.out);
  CHECK(same.code == 0);
  CHECK(has(same.out, "the same result as recorded"));

  const Finished failed = joust({"replay", run.dir.string(), "3", "--attempt", "2"});
  CHECK(failed.code == 3);
  CHECK(has(failed.out, "boom"));
  CHECK(has(failed.out, "the same failure as recorded"));

  exchange_results(run.dir, 5, 6);
  const Finished other = joust({"replay", run.dir.string(), "5"});
  CAPTURE(other.out);
  CHECK(other.code == 3);
  CHECK(has(other.out, "NOT the recorded result: seat 0 has "));
}

TEST_CASE("an attempt that failed is told before it is played, and that it does not fail now") {
  const ChaosRun run(
      "\"exit task=2 attempt=1 code=3\", \"crash task=3 attempt=1 signal=6\", "
      "\"exit task=4 code=7\"");
  const Finished exited = joust({"replay", run.dir.string(), "2", "--attempt", "1"});
  CAPTURE(exited.out);
  CHECK(exited.code == 3);  // the world's own
  CHECK(has(exited.out, "recorded attempt 1: exited: exit code 3; it may end this process"));
  const Finished crashed = joust({"replay", run.dir.string(), "3", "--attempt", "1"});
  CAPTURE(crashed.out);
  CHECK(crashed.code == -SIGABRT);
  CHECK(has(crashed.out, "recorded attempt 1: crashed: signal 6 (SIGABRT); it may crash again"));
  const Finished counts = joust({"replay", run.dir.string(), "2"});
  CAPTURE(counts.out);
  CHECK(counts.code == 0);
  CHECK(has(counts.out, "recorded attempt 2: the result that counts\n"));
  CHECK(has(counts.out, "the same result as recorded"));
  // the chaos world does nothing at an attempt that its script does not name
  const Finished next = joust({"replay", run.dir.string(), "2", "--attempt", "3"});
  CHECK(next.code == 0);
  CHECK(has(next.out, "recorded nothing of attempt 3\n"));

  for (const char* attempt : {"0", "4", "7", "4294967295"}) {
    CAPTURE(attempt);
    const Finished refused = joust({"replay", run.dir.string(), "2", "--attempt", attempt});
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK((attempt == std::string("0") ||
           has(refused.err, "world 2 has 2 recorded attempts, so --attempt")));
  }
}

TEST_CASE("an attempt that failed then and does not now is told apart from the one that counts") {
  const ScratchFolder folder;
  SpecText spec = busy_worlds(30, "100ms");
  bool has_result = true;
  SUBCASE("another attempt gave the result") {}
  SUBCASE("there is no result") {
    has_result = false;
    spec.of_world = "attempts = 1";
  }
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), spec).string(), "--out", dir.string(),
                        "--workers", "2", "--quiet"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= 1; }));
  ::kill(process.workers().at(0), SIGKILL);  // it plays nearly all the time
  CHECK(process.wait() == (has_result ? 0 : 3));
  const auto failed = failed_attempts_of(dir);
  REQUIRE(failed.size() == 1);
  const Finished now =
      joust({"replay", dir.string(), std::to_string(failed[0].task), "--attempt", "1"});
  CAPTURE(now.out);
  CHECK(now.code == 0);
  CHECK(has(now.out, "recorded attempt 1: crashed: signal 9 (SIGKILL)"));
  CHECK(has(now.out, "\nattempt 1 failed then (crashed: signal 9 (SIGKILL)"));
  CHECK(has(now.out, "); it does not now\n"));
  CHECK_FALSE(has(now.out, "the same result as recorded"));
  CHECK(has(now.out, has_result ? "the result is the recorded one of another attempt, all "
                                : "nothing is recorded to compare with"));
}

TEST_CASE("a world that there is not cannot be played again") {
  const ChaosRun run("");
  for (const char* task : {"10", "-1", "x", "3_000000", ""}) {
    CAPTURE(task);
    const Finished refused = joust({"replay", run.dir.string(), task});
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
    CHECK(!refused.err.empty());
  }
  CHECK(joust({"replay", run.dir.string(), "1", "--attempt", "0"}).code == 2);
}

}  // namespace
}  // namespace joust::test
