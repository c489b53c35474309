// Programs as worlds, by the protocol and without it: what they play counts, and whatever they do
// wrong ends with its cause.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Program {
  std::string command;   // a TOML list
  std::string of_world;  // more lines of [world]
  std::string of_workers = "count = 2";
  int configs = 5;  // ten worlds
};

std::string to_toml(const Program& program) {
  return fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = {}\n"
      "[world]\nkind = \"command\"\ncommand = {}\n{}\n"
      "[[competitor]]\ntype = \"a\"\nname = \"Ann\"\n[[competitor]]\ntype = \"b\"\nname = \"Bob\"\n"
      "[workers]\n{}\n",
      program.configs, program.command, program.of_world, program.of_workers);
}

std::string misbehave(const std::string& deed) {
  return fmt::format("[\"python3\", \"{}/command/misbehave.py\", {}]", JOUST_TEST_DATA, deed);
}

struct Ended {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  Finished finished;
  nlohmann::json report;
  std::vector<journal::FailedAttempt> failed;

  explicit Ended(const Program& program, const JoustOptions& options = {}) {
    write_text(folder.path() / "t.toml", to_toml(program));
    finished = joust({"run", (folder.path() / "t.toml").string(), "--out", dir.string()}, options);
    CAPTURE(finished.err);
    REQUIRE(fs::exists(dir));
    report = report_of(dir);
    failed = failed_attempts_of(dir);
  }

  std::vector<WorldResult> results() const { return results_of(dir); }
};

struct Story {
  std::string deed;
  std::string cause;
  std::string detail;  // part of it
  std::string of_world;
  std::string of_workers;
};

TEST_CASE("whatever a program does wrong costs its world, with the cause that fits") {
  const std::string stall = "stall_timeout = \"300ms\"";
  const std::vector<Story> stories = {
      {"exit", "exited", "exit code 7", "", ""},
      {"crash", "crashed", "signal 11 (SIGSEGV)", "", ""},
      {"close", "protocol_violation", "closed its pipe", "", ""},
      {"garbage", "protocol_violation", "scores: 1 2", "", ""},
      {"ready", "protocol_violation", "'ready' is no message that is due now", "", ""},
      {"scores", "protocol_violation", "one item for each of 2 seats", "", ""},
      {"other task", "protocol_violation", "it answers task 4; task 3 is being played", "", ""},
      {"heir", "exited", "exit code 9", "", ""},
      {"long", "result_too_large", "131072 bytes", "", "max_result = \"128KiB\""},
      {"error", "world_error", "no such luck", "", ""},
      {"blame", "world_error", "bad move", "", ""},
      {"silence", "timed_out", "within 0.5 s", "deadline = \"500ms\"", ""},
      {"block", "stalled", "blocked", stall, ""},
      {"spin", "stalled", "spinning", stall, ""},
      {"stop", "frozen", "stopped", "deadline = \"20s\"", "frozen_timeout = \"300ms\""},
  };
  for (const Story& story : stories) {
    CAPTURE(story.deed);
    const Ended ended({misbehave("\"" + story.deed + "\""),
                       "attempts = 2\nretry_backoff = \"1ms\"\n" + story.of_world,
                       "count = 2\n" + story.of_workers});
    CAPTURE(ended.finished.err);
    CHECK(ended.finished.code == 3);
    CHECK(ended.report["done"] == 9);
    REQUIRE(ended.failed.size() == 2);
    for (const journal::FailedAttempt& attempt : ended.failed) {
      CHECK(attempt.task == 3);
      CHECK(cause_name(attempt.cause) == story.cause);
      CAPTURE(attempt.detail);
      CHECK(attempt.detail.find(story.detail) != std::string::npos);
      CHECK(attempt.culprit.has_value() == (story.deed == "blame"));
    }
  }
}

TEST_CASE("a program that fails once is replaced, and its world counts like any other") {
  const Ended calm({misbehave("\"nothing\""), ""});
  REQUIRE(calm.finished.code == 0);
  for (const std::string deed : {"exit", "crash", "garbage", "error"}) {
    CAPTURE(deed);
    const Ended hurt({misbehave("\"" + deed + "\", \"1\""), "retry_backoff = \"1ms\""});
    CHECK(hurt.finished.code == 0);
    CHECK(hurt.failed.size() == 1);
    CHECK(tables_of(hurt.dir) == tables_of(calm.dir));
  }
}

TEST_CASE("an answer that nobody asked for counts for no world") {
  const Ended calm({misbehave("\"nothing\""), ""});
  const Ended hurt({misbehave("\"twice\""), ""});
  CHECK(hurt.finished.code == 0);
  CHECK(hurt.failed.empty());
  CHECK(tables_of(hurt.dir) == tables_of(calm.dir));
}

TEST_CASE("every program is asked to end, when it is replaced and when all is played") {
  ScratchFolder folder;
  const fs::path farewells = folder.path() / "farewells";
  const Ended ended({misbehave("\"nothing\""),
                     fmt::format("max_worlds_per_process = 2\nenv = {{ FAREWELLS = \"{}\" }}",
                                 farewells.string()),
                     "count = 1"});
  REQUIRE(ended.finished.code == 0);
  CHECK(read_text(farewells) == "bye\nbye\nbye\nbye\nbye\n");
}

TEST_CASE("the last words of a program are kept") {
  const Ended ended({misbehave("\"exit\", \"1\""), ""});
  REQUIRE(ended.failed.size() == 1);
  CHECK(read_text(ended.dir / ended.failed[0].log).find("my last words") != std::string::npos);
}

TEST_CASE("output floods and large results of a program pass") {
  const Ended flooded({misbehave("\"flood\""), "", "count = 2", 1});
  CHECK(flooded.finished.code == 0);
  const Ended large({misbehave("\"large\""), "", "count = 2", 1});
  REQUIRE(large.finished.code == 0);
  for (const WorldResult& result : large.results()) CHECK(result.payload.size() == 8 << 20);
}

TEST_CASE("a program is started anew after its number of worlds, at no attempt's cost") {
  const Ended ended({misbehave("\"nothing\""), "max_worlds_per_process = 2", "count = 1"});
  REQUIRE(ended.finished.code == 0);
  std::set<std::string> players;
  for (const WorldResult& result : ended.results()) players.insert(result.payload);
  CHECK(players.size() == 5);
  CHECK(ended.failed.empty());
  CHECK(ended.report["workers"]["lost"] == 0);
}

TEST_CASE("a program above its memory limit is started anew") {
  const Ended ended({misbehave("\"nothing\""), "memory_limit = \"1MiB\"", "count = 1"});
  REQUIRE(ended.finished.code == 0);
  std::set<std::string> players;
  for (const WorldResult& result : ended.results()) players.insert(result.payload);
  CHECK(players.size() > 1);
}

TEST_CASE("a program that never becomes ready ends the run with the reason") {
  for (const auto& [deed, reason] :
       {std::pair{"never ready", "exit code 5"}, std::pair{"protocol", "protocol 1"}}) {
    CAPTURE(deed);
    const Ended ended({misbehave(fmt::format("\"{}\"", deed)), ""});
    CHECK(ended.finished.code == 4);
    CAPTURE(ended.finished.err);
    CHECK(ended.finished.err.find(reason) != std::string::npos);
  }
}

TEST_CASE("a one-shot program plays one world, with its values in place of their names") {
  struct Extraction {
    std::string script;
    std::string of_world;
  };
  const std::vector<Extraction> extractions = {
      {"echo talk; echo \"[${task}, $((${task} + 1))]\"", "scores = \"json\""},
      {"echo \"0,${task}\"; echo \"1, $((${task} + 1))\"; echo done", "scores = \"csv\""},
      {"echo \"A: ${task}.0; B: $((${task} + 1))\"",
       "scores = \"regex\"\nscore_regex = ': ([0-9.]+)'"},
  };
  for (const Extraction& each : extractions) {
    CAPTURE(each.of_world);
    const Ended ended(
        {"[\"sh\", \"-c\", '''" + each.script + "''']", "one_shot = true\n" + each.of_world});
    CAPTURE(ended.finished.err);
    REQUIRE(ended.finished.code == 0);
    const auto results = ended.results();
    REQUIRE(results.size() == 10);
    for (std::size_t task = 0; task < results.size(); ++task) {
      CHECK(results[task].seats[0].score == static_cast<double>(task));
      CHECK(results[task].seats[1].score == static_cast<double>(task + 1));
    }
  }
}

TEST_CASE("a one-shot program that fails or says no scores fails its world") {
  const std::vector<Story> stories = {
      {"exit 3", "exited", "exit code 3", "", ""},
      {"kill -9 $$", "crashed", "signal 9 (SIGKILL)", "", ""},
      {"true", "world_error", "its output is empty", "", ""},
      {"echo [1]", "world_error", "one item for each of 2 seats", "", ""},
      {"echo 0,1", "world_error", "no line '1,score'", "scores = \"csv\"", ""},
      {"echo 1", "world_error", "matches 1 times", "scores = \"regex\"\nscore_regex = '([0-9])'",
       ""},
  };
  for (const Story& story : stories) {
    CAPTURE(story.deed);
    const Ended ended({"[\"sh\", \"-c\", \"" + story.deed + "\"]",
                       "one_shot = true\nattempts = 1\n" + story.of_world, "count = 2", 1});
    CHECK(ended.finished.code == 3);
    REQUIRE(ended.failed.size() == 2);
    CHECK(cause_name(ended.failed[0].cause) == story.cause);
    CAPTURE(ended.failed[0].detail);
    CHECK(ended.failed[0].detail.find(story.detail) != std::string::npos);
  }
}

// Without what joust itself says in a log: how exactly it knows whose lines these are depends on
// how soon it came to read them.
std::string without_notes(const std::string& log) {
  std::istringstream lines(log);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("[joust: ")) kept += line + "\n";
  }
  return kept;
}

TEST_CASE("programs inherit no descriptors, and no variables but those that are allowed") {
  JoustOptions options;
  options.environment = {{"MY_SECRET", "s3"}, {"MY_LICENCE", "l1"}};
  const Ended ended({"[\"sh\", \"-c\", 'env; echo fds; ls /proc/$$/fd; exit 1']",
                     "one_shot = true\nattempts = 1\nenv = { LEVEL = \"${task}\" }",
                     "env_allow = [\"MY_LICENCE\"]", 1},
                    options);
  REQUIRE(ended.failed.size() == 2);
  const std::string log = without_notes(read_text(ended.dir / ended.failed[0].log));
  CAPTURE(log);
  CHECK(log.find("MY_SECRET") == std::string::npos);
  CHECK(log.find("MY_LICENCE=l1\n") != std::string::npos);
  CHECK(log.find(fmt::format("LEVEL={}\n", ended.failed[0].task)) != std::string::npos);
  CHECK(log.find("fds\n0\n1\n2\n") != std::string::npos);
  CHECK(log.find("\n3\n") == std::string::npos);
}

TEST_CASE("a run can be reported after its program has changed") {
  ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  write_text(folder.path() / "play.sh", "test \"$1\" -lt 5 && echo '[1, 2]'");
  write_text(folder.path() / "t.toml",
             to_toml({"[\"sh\", \"play.sh\", \"${task}\"]", "one_shot = true\nattempts = 1",
                      "max_deaths_without_progress = 1"}));
  REQUIRE(joust({"run", (folder.path() / "t.toml").string(), "--out", dir.string()}).code == 3);
  write_text(folder.path() / "play.sh", "echo '[3, 4]'");
  const Finished report = joust({"report", dir.string()});
  CHECK(report.code == 0);
  CHECK(report.err.starts_with("joust: report made in "));
}

TEST_CASE("an interrupted run of a program is resumed only by the same program") {
  ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  const fs::path gate = folder.path() / "gate";
  write_text(
      folder.path() / "play.sh",
      fmt::format("test \"$1\" -lt 5 || until test -e {}; do sleep 0.01; done; echo '[1, 2]'",
                  gate.string()));
  write_text(folder.path() / "t.toml",
             to_toml({"[\"sh\", \"play.sh\", \"${task}\"]", "one_shot = true"}));
  JoustProcess running({"run", (folder.path() / "t.toml").string(), "--out", dir.string()});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  running.signal(SIGKILL);
  running.wait();
  const std::string before = read_text(folder.path() / "play.sh");
  write_text(folder.path() / "play.sh", "echo '[3, 4]'");
  const Finished refused = joust({"resume", dir.string()});
  CHECK(refused.code == 2);
  CHECK(refused.err.find("play.sh changed since this run began") != std::string::npos);
  write_text(folder.path() / "play.sh", before);
  write_text(gate, "");
  CHECK(joust({"resume", dir.string()}).code == 0);
  CHECK(report_of(dir)["done"] == 10);
}

TEST_CASE("a program and what it started end with joust") {
  ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  write_text(folder.path() / "t.toml", to_toml({misbehave("\"silence\""), ""}));
  JoustProcess running({"run", (folder.path() / "t.toml").string(), "--out", dir.string()});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  running.signal(SIGKILL);
  running.wait();
  CHECK(eventually(seconds(5), [&] { return running.descendants().empty(); }));
}

}  // namespace
}  // namespace joust::test
