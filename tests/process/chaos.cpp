// Every misbehaviour of the chaos world ends as it must: the world recovers on a later attempt or
// is quarantined with the right cause, and all other worlds are played.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "runner/journal/reader.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// Ten worlds of which number 3 is the victim; two workers.
SpecText chaos(const std::vector<std::string>& script, const std::string& work = "2ms") {
  SpecText spec;
  spec.world = "chaos";
  spec.configs = 5;
  spec.parameters = fmt::format("work = \"{}\"\nscript = [", work);
  for (const std::string& entry : script) spec.parameters += fmt::format("\"{}\", ", entry);
  spec.parameters += "]";
  spec.of_workers = "count = 2";
  return spec;
}

struct Ended {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  Finished finished;
  nlohmann::json report;
  std::vector<journal::FailedAttempt> failed;

  explicit Ended(const SpecText& spec)
      : finished(joust({"run", write_spec(folder.path(), spec).string(), "--out", dir.string()})),
        report(report_of(dir)),
        failed(failed_attempts_of(dir)) {}

  std::string log_of(const journal::FailedAttempt& attempt) const {
    return attempt.log.empty() ? "" : read_text(dir / attempt.log);
  }
};

struct Story {
  std::string deed;  // entry of the script, without the task
  std::string cause;
  std::string detail;  // part of it
  std::string of_world;
  std::string of_workers;
};

std::vector<Story> stories() {
  const std::string stall = "stall_timeout = \"200ms\"";
  return {
      {"crash signal=SEGV", "crashed", "signal 11 (SIGSEGV)", "", ""},
      {"crash signal=KILL", "crashed", "signal 9 (SIGKILL)", "", ""},
      {"crash signal=TERM", "crashed", "signal 15 (SIGTERM)", "", ""},
      {"exit code=0", "exited", "exit code 0", "", ""},
      {"exit code=7", "exited", "exit code 7", "", ""},
      {"sleep for=100s", "timed_out", "within 0.3 s", "deadline = \"300ms\"", ""},
      {"spin", "timed_out", "within 0.3 s", "deadline = \"300ms\"", ""},
      {"spin", "stalled", "spinning", stall, ""},
      {"block", "stalled", "blocked", stall, ""},
      {"sleep for=100s", "stalled", "blocked", stall, ""},
      {"stop", "frozen", "stopped", "", "frozen_timeout = \"200ms\""},
      {"throw text=no-such-luck", "world_error", "no-such-luck", "", ""},
      {"garbage", "protocol_violation", "", "", ""},
  };
}

// The failed attempts at the world that misbehaves. Nobody else is charged, but for one case: a
// world that scribbles over its channel may destroy results of others that nobody had read yet.
std::vector<journal::FailedAttempt> attempts_of_culprit(
    const Story& story, const std::vector<journal::FailedAttempt>& failed) {
  std::vector<journal::FailedAttempt> found;
  for (const journal::FailedAttempt& attempt : failed) {
    if (attempt.task == 3) {
      found.push_back(attempt);
    } else {
      CAPTURE(attempt.task);
      CHECK(story.deed == "garbage");
    }
  }
  return found;
}

SpecText spec_of(const Story& story, const std::string& when) {
  SpecText spec = chaos({story.deed + " task=3" + when});
  spec.of_world = "attempts = 2\nretry_backoff = \"10ms\"\n" + story.of_world;
  spec.of_workers += "\n" + story.of_workers;
  return spec;
}

TEST_CASE("a misbehaviour that happens once costs one attempt, and every world counts") {
  for (const Story& story : stories()) {
    CAPTURE(story.deed);
    CAPTURE(story.cause);
    const Ended run(spec_of(story, " attempt=1"));
    CAPTURE(run.finished.err);
    CHECK(run.finished.code == 0);
    CHECK(run.report["complete"] == true);
    const auto failed = attempts_of_culprit(story, run.failed);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].attempt == 1);
    CHECK(std::string(cause_name(failed[0].cause)) == story.cause);
    CHECK(failed[0].detail.find(story.detail) != std::string::npos);
    CHECK(run.report["failures"][story.cause]["recovered"] >= 1);
  }
}

TEST_CASE("a misbehaviour that happens every time ends in quarantine with its cause") {
  for (const Story& story : stories()) {
    CAPTURE(story.deed);
    CAPTURE(story.cause);
    const Ended run(spec_of(story, ""));
    CAPTURE(run.finished.err);
    CHECK(run.finished.code == 3);
    CHECK(run.report["done"] == 9);
    CHECK(run.report["quarantined"] == 1);
    const auto failed = attempts_of_culprit(story, run.failed);
    REQUIRE(failed.size() == 2);
    for (const journal::FailedAttempt& attempt : failed) {
      CAPTURE(attempt.detail);
      CHECK(std::string(cause_name(attempt.cause)) == story.cause);
      CHECK(attempt.detail.find(story.detail) != std::string::npos);
    }
    const auto quarantined = journal::Reader(run.dir).quarantined();
    REQUIRE(quarantined.size() == 1);
    CHECK(quarantined[0].task == 3);
    CHECK(std::string(cause_name(quarantined[0].cause)) == story.cause);
    // a table of nine worlds says so on its face
    CHECK(run.finished.out.find("of 9 of 10 worlds") != std::string::npos);
  }
}

TEST_CASE("a result larger than the limit names both sizes; one below it arrives in pieces") {
  SpecText spec = chaos({"result size=2MiB task=3", "result size=1000KiB task=4"});
  spec.of_world = "attempts = 2\nretry_backoff = \"0s\"";
  spec.of_workers += "\nmax_result = \"1MiB\"\nring_size = \"64KiB\"";
  const Ended run(spec);
  CAPTURE(run.finished.err);
  CHECK(run.finished.code == 3);
  REQUIRE(run.failed.size() == 2);
  CHECK(run.failed[0].task == 3);
  CHECK(run.failed[0].cause == Cause::result_too_large);
  CAPTURE(run.failed[0].detail);
  CHECK(run.failed[0].detail.find("has 2097") != std::string::npos);
  CHECK(run.failed[0].detail.find("the limit is 1MiB") != std::string::npos);
  CHECK(run.report["done"] == 9);
  // the worker lives on
  CHECK(run.report["workers"]["lost"] == 0);
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("the last words of the C library survive the worker") {
  SpecText spec = chaos({"print size=1KiB task=3", "corrupt task=3"});
  spec.of_world = "attempts = 1";
  const Ended run(spec);
  CHECK(run.finished.code == 3);
  REQUIRE(run.failed.size() == 1);
  CHECK(run.failed[0].detail == "signal 6 (SIGABRT)");
  const std::string log = run.log_of(run.failed[0]);
  CAPTURE(log);
  CHECK(log.find("chaos prints for task 3") != std::string::npos);
  CHECK(log.find("double free") != std::string::npos);
  CHECK(run.finished.out.find("double free") != std::string::npos);
}
#endif

TEST_CASE("a flood of output is bounded, with its head, its tail, and a mark for the rest") {
  SpecText spec = chaos({"print size=1KiB to=stderr task=3", "print size=100MiB to=stdout task=3",
                         "throw text=at-last task=3"});
  spec.of_world = "attempts = 1";
  spec.of_workers += "\noutput_kept = \"4KiB\"";
  const Ended run(spec);
  CHECK(run.finished.code == 3);
  REQUIRE(run.failed.size() == 1);
  CHECK(run.failed[0].cause == Cause::world_error);
  const std::string log = run.log_of(run.failed[0]);
  // twice the bytes kept, or again as much when its last bytes were read with the next world's
  // first
  CHECK(log.size() < 17 << 10);
  CHECK(log.starts_with("chaos prints for task 3"));
  CHECK(log.ends_with("\n"));
  CHECK(log.find(" bytes dropped here]") != std::string::npos);
}

TEST_CASE("a world that leaks memory and then dies gives it all back") {
  SpecText spec = chaos({"leak size=300MiB task=3", "exit task=3"});
  spec.of_world = "attempts = 2";
  const Ended run(spec);
  CHECK(run.finished.code == 3);
  CHECK(run.report["done"] == 9);
  CHECK(run.report["failures"]["exited"]["attempts"] == 2);
}

TEST_CASE("poison worlds do not loop across resumes: attempts are counted across them") {
  SpecText spec = chaos({"exit task=3"}, "20ms");
  spec.configs = 20;
  spec.of_world = "attempts = 3\nretry_backoff = \"100ms\"";
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  std::vector<std::string> command = {"run", write_spec(folder.path(), spec).string(), "--out",
                                      dir.string()};
  std::size_t sessions = 0;
  while (true) {
    ++sessions;
    REQUIRE(sessions <= 4);
    JoustProcess process(command);
    const std::size_t before = fs::exists(dir) ? failed_attempts_of(dir).size() : 0;
    // killed as soon as another attempt is on record
    REQUIRE(eventually(seconds(20), [&] {
      return !process.runs() || (fs::exists(dir) && failed_attempts_of(dir).size() > before);
    }));
    if (!process.runs()) {
      CHECK(process.wait() == 3);
      break;
    }
    process.signal(SIGKILL);
    process.wait();
    command = {"resume", dir.string()};
  }
  const auto failed = failed_attempts_of(dir);
  REQUIRE(failed.size() == 3);
  for (std::size_t i = 0; i < failed.size(); ++i) {
    CHECK(failed[i].task == 3);
    CHECK(failed[i].attempt == i + 1);
  }
  // and once more: nothing is left to do, but a world is missing
  CHECK(joust({"resume", dir.string()}).code == 3);
  CHECK(failed_attempts_of(dir).size() == 3);
}

TEST_CASE("a tenth of all attempts goes wrong in every way: the scores are those of a calm run") {
  SpecText spec = chaos({"crash p=0.03", "exit p=0.03", "throw p=0.03", "garbage p=0.02",
                         "print size=1MiB p=0.02", "result size=100KiB p=0.05", "stop p=0.005",
                         "block p=0.005", "spin p=0.005", "stray p=0.01"});
  spec.configs = 150;
  spec.of_world = "attempts = 20\nretry_backoff = \"1ms\"\nstall_timeout = \"200ms\"";
  spec.of_workers = "count = 4\nfrozen_timeout = \"100ms\"";
  const Ended wild(spec);
  CAPTURE(wild.finished.err);
  CHECK(wild.finished.code == 0);
  CHECK(wild.failed.size() > 20);
  spec.parameters = "";
  spec.of_workers = "count = 1";
  const Ended calm(spec);
  CHECK(calm.finished.code == 0);
  for (const char* table : {"scores.csv", "total_scores.csv", "winners.csv", "score_stats.csv"}) {
    CAPTURE(table);
    CHECK(tables_of(wild.dir).at(table) == tables_of(calm.dir).at(table));
  }
}

}  // namespace
}  // namespace joust::test
