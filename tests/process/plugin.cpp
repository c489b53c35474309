// Shared libraries as worlds: what they play counts, and whatever they do wrong ends with its
// cause.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <cmath>

#include "common/sanitizer.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_plugin.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Ended : PluginRun {
  explicit Ended(const std::string& spec, const std::vector<std::string>& options = {})
      : PluginRun(spec, options, {{"words.txt", "some words\n"}, {"file.txt", "in the file"}}) {}
};

std::string misbehaving(const std::string& deed, const std::string& of_world = "",
                        const std::string& attempts = "1000000") {
  return plugin_toml(library("misbehave"),
                     fmt::format("retry_backoff = \"1ms\"\n{}\n[world.parameters]\n"
                                 "deed = \"{}\"\nattempts = {}\n",
                                 of_world, deed, attempts));
}

TEST_CASE("whatever a plugin does wrong costs its world, with the cause that fits") {
  struct Story {
    std::string deed;
    std::string cause;
    std::string detail;  // part of it
    std::string of_world;
  };
  const std::string broke = "the plugin broke the rules of results: ";
  const std::vector<Story> stories = {
      {"throw", "world_error", "no such luck", ""},
      {"throw a number", "world_error", "an exception that is not a std::exception", ""},
      {"blame", "world_error", "a bad move", ""},
      {"blame nobody", "world_error", "a ghost's move", ""},
      {"crash", kSanitized ? "exited" : "crashed", kSanitized ? "1" : "SIGSEGV", ""},
      {"exit", "exited", "exit code 7", ""},
      {"block", "stalled", "blocked", "stall_timeout = \"300ms\""},
      {"too few", "protocol_violation", broke + "it gave no score to seat 1 of 2", ""},
      {"too many", "protocol_violation", broke + "it gave a score to seat 2; the seats are 0 to 1",
       ""},
      {"infinite", "protocol_violation", broke + "it gave seat 1 an infinite score", ""},
      {"long name", "protocol_violation", broke + "an agent's name has 256 bytes", ""},
      {"seat counter twice", "protocol_violation",
       broke + "it gave the counter 'steps' of seat 0 twice", ""},
      {"counter twice", "protocol_violation",
       broke + "it gave the counter 'rounds' of the world twice", ""},
      {"many counters", "protocol_violation", broke + "it gave seat 0 more than 1000 counters", ""},
  };
  for (const Story& story : stories) {
    CAPTURE(story.deed);
    const Ended ended(misbehaving(story.deed, "attempts = 2\n" + story.of_world));
    CAPTURE(ended.finished.err);
    CHECK(ended.finished.code == 3);
    CHECK(ended.report["done"] == 9);
    REQUIRE(ended.failed.size() == 2);
    for (const journal::FailedAttempt& attempt : ended.failed) {
      CHECK(attempt.task == 3);
      CHECK(cause_name(attempt.cause) == story.cause);
      CAPTURE(attempt.detail);
      CHECK(has(attempt.detail, story.detail));
      CHECK(attempt.culprit.has_value() == (story.deed == "blame"));
      CHECK(has(read_text(ended.dir / attempt.log), "a line of the log"));
    }
  }
}

TEST_CASE("a plugin that fails once costs an attempt, and its world counts like any other") {
  const Ended calm(misbehaving("nothing"));
  REQUIRE(calm.finished.code == 0);
  for (const std::string deed : {"crash", "exit", "throw"}) {
    CAPTURE(deed);
    const Ended hurt(misbehaving(deed, "", "1"));
    CHECK(hurt.finished.code == 0);
    CHECK(hurt.failed.size() == 1);
    CHECK(hurt.results() == calm.results());
  }
}

TEST_CASE("what a plugin tells of a world is what is kept, and NaN says that there is no score") {
  const Ended ended(misbehaving("nan"));
  REQUIRE(ended.finished.code == 0);
  const std::vector<WorldResult> results = ended.results();
  REQUIRE(results.size() == 10);
  CHECK(results[0] ==
        WorldResult{{{"Ann@0", 1, {{"steps", 3}}}, {"the other", 0.5}}, {{"rounds", 7}}, "p"});
  CHECK(std::isnan(results[3].seats[1].score));
}

TEST_CASE("a plugin is given all that the spec says, of every kind, and the resources") {
  const Ended ended(fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = 1\n[world]\nplugin = \"{}\"\n[world.parameters]\n"
      "integer = 3\ntexts = [\"x\", \"\", \"z\"]\nintegers = [4, 9]\nreals = 2\nduration = "
      "\"3us\"\n"
      "size = \"1MiB\"\nfile = \"file.txt\"\nboolean = false\n"
      "[[resource]]\nname = \"words\"\npath = \"words.txt\"\n"
      "[[competitor]]\ntype = \"Plain\"\nname = \"Ann\"\n[[competitor]]\ntype = \"Tuned\"\n"
      "[competitor.parameters]\nlevel = 9\n[workers]\npin = true\n",
      library("mirror")));
  CAPTURE(ended.finished.err);
  REQUIRE(ended.finished.code == 0);
  const std::vector<WorldResult> results = ended.results();
  REQUIRE(results.size() == 2);
  CHECK(results[1].payload ==
        "boolean 0\ninteger 3\nreal 0.25\ntext one\nchoice fast\ntexts x  z\nintegers 4 9\n"
        "reals 2 2\nduration 3000\nsize 1048576\nfile in the file\nseats 2\nthreads 1\n"
        "Ann is Plain\nTuned is Tuned 9\nwords some words\n"
        "task 1 config 0 rotation 1 run 0 set 0 seats 1 0 attempt 1 stop 0\n");
}

TEST_CASE("a resource that there is not fails the world with the names that there are") {
  const Ended ended(fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = 1\n[world]\nplugin = \"{}\"\nattempts = 1\n"
      "[[resource]]\nname = \"verbs\"\npath = \"words.txt\"\n"
      "[[competitor]]\ntype = \"Plain\"\nname = \"Ann\"\n[[competitor]]\ntype = \"Plain\"\n",
      library("mirror")));
  CHECK(ended.finished.code == 3);
  REQUIRE(ended.failed.size() == 2);
  CHECK(ended.failed[0].detail == "there is no [[resource]] named 'words'; there are: verbs");
}

TEST_CASE("a plugin plays the same in joust itself, and in a replay") {
  const Ended workers(misbehaving("throw", "", "1"));
  const Ended here(misbehaving("throw", "", "1"), {"--in-process"});
  CHECK(here.finished.code == 0);
  CHECK(tables_of(here.dir) == tables_of(workers.dir));
  const Finished again = joust({"replay", workers.dir.string(), "3"});
  CAPTURE(again.out);
  CHECK(again.code == 0);
  CHECK(has(again.out, "the same result as recorded"));
  const Finished failed = joust({"replay", workers.dir.string(), "3", "--attempt", "1"});
  CHECK(failed.code == 3);
  CHECK(has(failed.out, "the same failure as recorded"));
}

TEST_CASE("an interrupted run of a plugin is resumed only with the same plugin") {
  const ScratchFolder folder;
  const fs::path own = folder.path() / "own.so";
  const fs::path dir = folder.path() / "run";
  fs::copy_file(library("misbehave"), own);
  write_text(folder.path() / "t.toml",
             plugin_toml("own.so", "[world.parameters]\ndeed = \"wait\""));
  JoustOptions gated;
  gated.environment["JOUST_TEST_GATE"] = folder.path() / "gate";
  JoustProcess running({"run", (folder.path() / "t.toml").string(), "--out", dir.string()}, gated);
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  running.signal(SIGKILL);
  running.wait();

  fs::remove(own);  // not over it: it may be in memory
  fs::copy_file(library("broken"), own);
  const Finished refused = joust({"resume", dir.string()});
  CHECK(refused.code == 2);
  CAPTURE(refused.err);
  CHECK(has(refused.err, own.filename().string() + " changed since this run began"));
  const Finished warned = joust({"replay", dir.string(), "0"});
  CHECK(has(warned.err, "own.so changed since the run began"));

  fs::remove(own);
  CHECK(report_of(dir)["done"] > 0);
  CHECK(joust({"resume", dir.string()}).code == 2);

  fs::copy_file(library("misbehave"), own);
  fs::remove(folder.path() / "t.toml");  // what was recorded of it is enough
  CHECK(joust({"resume", dir.string()}).code == 0);
  CHECK(report_of(dir)["done"] == 10);
}

TEST_CASE("the worker for plugins plays native worlds as well") {
  const ScratchFolder folder;
  const Finished run = joust({"run", write_spec(folder.path(), dilemma(2, 10)).string(), "--out",
                              (folder.path() / "run").string(), "--worker-binary",
                              JOUST_BIN_DIR "/joust-plugin-worker"});
  CAPTURE(run.err);
  CHECK(run.code == 0);
}

}  // namespace
}  // namespace joust::test
