// Agents in shared libraries: they play like built-in ones, and what they do wrong is charged to
// them.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "common/sanitizer.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_plugin.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

std::string ours(const std::string& type, const std::string& more = "") {
  return fmt::format("[[competitor]]\nplugin = \"{}\"\ntype = \"{}\"\nname = \"Ours\"\n{}\n",
                     library("agents"), type, more);
}

std::string rogue(const std::string& deed, const std::string& more = "") {
  return ours("Rogue", fmt::format("{}\n[competitor.parameters]\ndeed = \"{}\"", more, deed));
}

// Six worlds of three seats; each competitor sits in each.
std::string game(const std::string& first, const std::string& world = "scml-oneshot",
                 const std::string& of_world = "") {
  const std::string suffix = world == "scml-std" ? "Std" : "OneShot";
  return fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = 2\ncompetitors_per_world = 3\n[world]\nname = \"{}\"\n"
      "attempts = 1\n{}\n[world.parameters]\nn_steps = 6\n{}"
      "[[competitor]]\ntype = \"Greedy{}Agent\"\n[[competitor]]\ntype = \"Random{}Agent\"\n"
      "[workers]\ncount = 2\n",
      world, of_world, first, suffix, suffix);
}

TEST_CASE("an agent of a library sees the game that built-in ones see, in both worlds") {
  for (const std::string world : {"scml-oneshot", "scml-std"}) {
    CAPTURE(world);
    const PluginRun checked(game(ours("Checker"), world, ""));
    CAPTURE(checked.finished.err);
    CAPTURE(checked.failed.empty() ? "" : checked.failed.front().detail);
    CHECK(checked.finished.code == 0);
    CHECK(checked.report["done"] == 6);

    // of one that says nothing, the whole result is that of the built-in one, but for its name
    const PluginRun silent(game(ours("Silent"), world));
    const PluginRun nothing(
        game("[[competitor]]\ntype = \"DoNothingAgent\"\nname = \"Ours\"\n", world));
    std::vector<WorldResult> expected = nothing.results();
    for (WorldResult& result : expected) {
      for (SeatResult& seat : result.seats) {
        const std::size_t at = seat.agent_name.find("Do@");
        if (at != std::string::npos) seat.agent_name.replace(at, 2, "Si");
      }
    }
    REQUIRE(expected.size() == 6);
    CHECK(silent.results() == expected);
  }
}

TEST_CASE("the same seed gives the same game, in any pool, in a process of its own, and again") {
  const std::string own = "\n[competitor.parameters]\ngreed = 0.25\n";
  const PluginRun first(game(ours("Friendly", own)));
  const PluginRun alone(game(ours("Friendly", own)), {"--workers", "1"});
  const PluginRun here(game(ours("Friendly", own)), {"--in-process"});
  const PluginRun apart(game(ours("Friendly", "isolation = \"process\"" + own)));
  CAPTURE(apart.finished.err);
  REQUIRE(first.finished.code == 0);
  CHECK(first.report["done"] == 6);
  CHECK(tables_of(alone.dir) == tables_of(first.dir));
  CHECK(tables_of(here.dir) == tables_of(first.dir));
  CHECK(apart.finished.code == 0);
  CHECK(apart.results() == first.results());

  const PluginRun other(game(ours("Friendly", "\n[competitor.parameters]\ngreed = 0.75\n")));
  CHECK(other.results() != first.results());
  const PluginRun seeded(game(ours("Friendly", own)), {"--seed", "7"});
  CHECK(seeded.results() != first.results());

  for (const auto* run : {&first, &apart}) {
    const Finished again = joust({"replay", run->dir.string(), "3"});
    CAPTURE(again.err);
    CHECK(again.code == 0);
    CHECK(has(again.out, "the same result as recorded"));
  }
}

TEST_CASE("what an agent of a library does wrong costs the world, and is charged to it") {
  struct Story {
    std::string deed;
    std::string cause;
    std::string detail;  // part of it
    bool is_charged;
  };
  const std::vector<Story> stories = {
      {"throw", "world_error", "it lost its nerve", true},
      {"throw a number", "world_error", "an exception that is not a std::exception", true},
      {"throw when made to play", "world_error", "stage fright", true},
      {"crash", kSanitized ? "exited" : "crashed", kSanitized ? "1" : "SIGSEGV", false},
      {"hang", "stalled", "begin_day", false},
  };
  for (const Story& story : stories) {
    CAPTURE(story.deed);
    const PluginRun ended(game(rogue(story.deed), "scml-oneshot",
                               story.deed == "hang" ? "stall_timeout = \"300ms\"" : ""));
    CAPTURE(ended.finished.err);
    CHECK(ended.finished.code == 3);
    REQUIRE(ended.failed.size() == 6);  // it sits in all of them
    for (const journal::FailedAttempt& attempt : ended.failed) {
      CHECK(cause_name(attempt.cause) == story.cause);
      CAPTURE(attempt.detail);
      if (story.deed != "hang") CHECK(has(attempt.detail, story.detail));
      REQUIRE(attempt.culprit.has_value() == story.is_charged);
      if (story.is_charged) CHECK(*attempt.culprit == 0);
    }
  }
}

TEST_CASE("the stack of a crash names the function of the library") {
  if (kSanitized) return;  // the sanitizers have handlers of their own
  const PluginRun ended(game(rogue("crash")));
  REQUIRE_FALSE(ended.failed.empty());
  const std::string stack = read_text(ended.dir / ended.failed.front().stack);
  CAPTURE(stack);
  CHECK(has(stack, "fall_over"));
  CHECK(has(stack, "Rogue::begin_day"));
  CHECK(has(stack, "libagents.so"));
}

TEST_CASE("in a process of its own, what an agent does wrong costs that agent only") {
  const std::vector<std::pair<std::string, std::string>> stories = {
      {"throw", "day 3: it lost its nerve"},
      {"throw when made to play", "begin: stage fright"},
      {"crash", kSanitized ? "exit code 1" : "day 3: signal 11 (SIGSEGV)"},
      {"hang", "day 3: no answer within 500ms (move_deadline)"},
  };
  for (const auto& [deed, reason] : stories) {
    CAPTURE(deed);
    const PluginRun ended(game(rogue(deed, "isolation = \"process\"\nmove_deadline = \"500ms\"")));
    CAPTURE(ended.finished.err);
    CHECK(ended.finished.code == 0);
    REQUIRE(ended.results().size() == 6);
    for (const WorldResult& result : ended.results()) {
      std::string forfeits;
      for (const SeatResult& seat : result.seats) forfeits += seat.forfeit;
      CHECK(has(forfeits, reason));
      CHECK(std::count_if(result.seats.begin(), result.seats.end(),
                          [](const SeatResult& seat) { return !seat.forfeit.empty(); }) == 1);
    }
  }
}

TEST_CASE("an interrupted run is resumed only with the same library") {
  const ScratchFolder folder;
  const fs::path own = folder.path() / "own.so";
  const fs::path dir = folder.path() / "run";
  fs::copy_file(library("agents"), own);
  std::string spec = game(rogue("wait"));
  spec.replace(spec.find(library("agents")), library("agents").size(), "./own.so");
  // the others play without it for a while
  spec.insert(spec.find("[workers]"), "[[competitor]]\ntype = \"NiceAgent\"\n");
  write_text(folder.path() / "t.toml", spec);
  JoustOptions gated;
  gated.environment["JOUST_TEST_GATE"] = folder.path() / "gate";
  JoustProcess running(
      {"run", (folder.path() / "t.toml").string(), "--out", dir.string(), "--workers", "20"},
      gated);
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  running.signal(SIGKILL);
  running.wait();

  fs::remove(own);  // not over it: it may be in memory
  fs::copy_file(library("broken_agents"), own);
  const Finished refused = joust({"resume", dir.string()});
  CHECK(refused.code == 2);
  CAPTURE(refused.err);
  CHECK(has(refused.err, "own.so changed since this run began"));
  const Finished warned = joust({"replay", dir.string(), "0"});
  CHECK(has(warned.err, "own.so changed since the run began"));

  fs::remove(own);
  CHECK(report_of(dir)["done"] > 0);  // what was recorded is enough to report
  CHECK(joust({"resume", dir.string()}).code == 2);

  fs::copy_file(library("agents"), own);
  fs::remove(folder.path() / "t.toml");
  CHECK(joust({"resume", dir.string()}).code == 0);
  CHECK(report_of(dir)["done"] == 24);
}

}  // namespace
}  // namespace joust::test
