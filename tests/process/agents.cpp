// Competitors in processes of their own: built-in types play as within the worker, and whatever a
// program does wrong costs its competitor, with the reason, and nobody else.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "common/result_codec.hpp"
#include "common/whole_file.hpp"
#include "common/world_registry.hpp"
#include "runner/journal/reader.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// Bad meets TitForTat and Grudger, two worlds each per configuration, one of them in seat 1.
struct Misconduct {
  std::string deed;
  std::string on_failure = "forfeit";
  std::string of_agent;  // more lines
  std::string of_workers = "count = 2";
  int configs = 1;
};

std::string bad_agent(const Misconduct& misconduct) {
  return fmt::format(
      "[[competitor]]\nname = \"Bad\"\ncommand = [\"python3\", \"{}/agents/misbehave.py\", "
      "\"{}\"]\non_failure = \"{}\"\n{}\n",
      JOUST_TEST_DATA, misconduct.deed, misconduct.on_failure, misconduct.of_agent);
}

std::string dilemma_of(const Misconduct& misconduct) {
  return fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = {}\n[world]\nname = \"prisoners-dilemma\"\n"
      "attempts = 1\n[world.parameters]\nrounds = 10\nsucker = -1\n{}"
      "[[competitor]]\ntype = \"TitForTat\"\n[[competitor]]\ntype = \"Grudger\"\n[workers]\n{}\n",
      misconduct.configs, bad_agent(misconduct), misconduct.of_workers);
}

std::string oneshot_of(const Misconduct& misconduct) {
  return fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = {}\ncompetitors_per_world = 2\n"
      "[world]\nname = \"scml-oneshot\"\nattempts = 1\n[world.parameters]\nn_steps = 4\n{}"
      "[[competitor]]\ntype = \"GreedyOneShotAgent\"\n"
      "[[competitor]]\ntype = \"SyncRandomOneShotAgent\"\n[workers]\n{}\n",
      misconduct.configs, bad_agent(misconduct), misconduct.of_workers);
}

struct Ended {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  Finished finished;
  nlohmann::json report;
  std::vector<journal::FailedAttempt> failed;
  std::vector<WorldResult> results;

  explicit Ended(const std::string& spec) {
    write_text(folder.path() / "t.toml", spec);
    finished = joust({"run", (folder.path() / "t.toml").string(), "--out", dir.string()}, {},
                     seconds(120));
    CAPTURE(finished.err);
    REQUIRE(fs::exists(dir));
    report = report_of(dir);
    failed = failed_attempts_of(dir);
    results = results_of(dir);
  }

  // Why seats were given up, one for each.
  std::vector<std::string> forfeits() const {
    std::vector<std::string> found;
    for (const WorldResult& result : results) {
      for (const SeatResult& seat : result.seats) {
        if (!seat.forfeit.empty()) found.push_back(seat.forfeit);
      }
    }
    return found;
  }
};

struct Story {
  std::string deed;
  std::string reason;  // its beginning
  std::string of_agent = "move_deadline = \"30s\"";
  std::string of_workers = "count = 2";
  std::size_t worlds = 2;  // in which it fails
};

// Whatever a program can do wrong in round 3.
std::vector<Story> stories(const std::string& when) {
  const std::string soon = "move_deadline = \"1s\"";
  return {
      {"exit", when + "exit code 7"},
      {"crash", when + "signal 11 (SIGSEGV)"},
      {"hang", when + "no answer within 1s (move_deadline)", soon},
      {"spin", when + "no answer within 1s (move_deadline)", soon},
      {"hang", when + "its time for a world, 2s (time_budget), is used up",
       "move_deadline = \"30s\"\ntime_budget = \"2s\""},
      {"stop", when + "a signal has stopped it"},
      {"close", when + "it closed its pipe and lives on"},
      {"error", when + "no such luck | in line 7"},
      {"garbage", when + "no JSON: I cooperate"},
      {"list", when + "no JSON object: [1]"},
      {"wrong number", when + "it must answer the message with n = "},
      {"long", when + "an answer of more than 1MiB"},
      {"endless", when + "an answer of more than 1MiB"},
  };
}

void check_forfeits(const Story& story, const Ended& ended, double worst) {
  CAPTURE(story.deed);
  CAPTURE(ended.finished.err);
  CHECK(ended.finished.code == 0);
  CHECK(ended.failed.empty());
  CHECK(ended.results.size() == 6);
  const std::vector<std::string> forfeits = ended.forfeits();
  CHECK(forfeits.size() == story.worlds);
  for (const std::string& forfeit : forfeits) {
    CAPTURE(forfeit);
    CHECK(forfeit.starts_with(story.reason));
    CHECK(forfeit.find('\n') == std::string::npos);
  }
  for (const WorldResult& result : ended.results) {
    for (std::size_t seat = 0; seat < result.seats.size(); ++seat) {
      if (result.seats[seat].forfeit.empty()) continue;
      CHECK(result.seats[seat].agent_name.starts_with("Bad@"));
      CHECK(result.seats[seat].score == worst);
      CHECK(result.seats[1 - seat].score == 3.0);  // it cooperates on, and so does the other
    }
  }
}

TEST_CASE("built-in types play the same in processes of their own") {
  const auto with_isolation = [](std::string spec) {
    const std::string more = "isolation = \"process\"\nmove_deadline = \"50s\"\n";
    for (std::size_t at = spec.find("type = "); at != std::string::npos;
         at = spec.find("type = ", at + more.size() + 1)) {
      spec.insert(at, more);
    }
    return spec;
  };
  const WorldRegistry worlds = builtin_worlds();
  for (const auto& [world, parameters] :
       {std::pair{"prisoners-dilemma", "rounds = 30\nnoise = 0.05"},
        std::pair{"scml-oneshot", "n_steps = 3"},
        std::pair{"scml-oneshot", "n_steps = 3\nreference_quirks = false"},
        std::pair{"scml-std", "n_steps = 4\nn_processes = 3"}}) {
    CAPTURE(parameters);
    SpecText spec;
    spec.world = world;
    spec.type = "";
    spec.parameters = parameters;
    spec.competitors.clear();
    for (const CompetitorType& type : worlds.find(world)->competitor_types) {
      spec.competitors.push_back(type.name);
    }
    const Ended within(to_toml(spec));
    const Ended apart(with_isolation(to_toml(spec)));
    CAPTURE(apart.finished.err);
    CHECK(within.finished.code == 0);
    CHECK(apart.finished.code == 0);
    CHECK(apart.forfeits() == std::vector<std::string>{});
    CHECK(within.results.size() >= 90);
    CHECK(tables_of(apart.dir) == tables_of(within.dir));
    CHECK(apart.results == within.results);
  }
}

TEST_CASE("whatever an agent does wrong is its forfeit, and the other's score counts") {
  std::vector<Story> all = stories("round 3: ");
  all.push_back({"illegal", "round 3: 'move' must be \"C\" or \"D\": {"});
  all.push_back({"nothing", "round 3: an answer without 'move': {"});
  all.push_back({"deaf", "round 4: no answer within 1s", "move_deadline = \"1s\""});
  all.push_back({"begin", "begin: exit code 6"});
  for (const Story& story : all) {
    check_forfeits(story, Ended(dilemma_of({story.deed, "forfeit", story.of_agent})), -1);
  }
}

TEST_CASE("an agent that cannot begin forfeits all its worlds") {
  const std::vector<Story> all = {
      {"at once", "begin: not ready: exit code 5", "", "count = 2", 4},
      {"never ready", "begin: not ready within 2s (start_timeout)", "",
       "count = 2\nstart_timeout = \"2s\"", 4},
      {"refuse", "begin: it cannot play: not with those rules", "", "count = 2", 4},
      {"protocol", "begin: it does not speak protocol 1", "", "count = 2", 4},
  };
  for (const Story& story : all) {
    check_forfeits(
        story, Ended(dilemma_of({story.deed, "forfeit", story.of_agent, story.of_workers})), -1);
  }
}

TEST_CASE("with on_failure = \"void\" a failure fails the attempt, charged to the agent") {
  std::vector<Story> all = stories("round 3: ");
  all.push_back({"illegal", "round 3: 'move' must be"});
  all.push_back({"begin", "begin: exit code 6"});
  for (const Story& story : all) {
    CAPTURE(story.deed);
    const Ended ended(dilemma_of({story.deed, "void", story.of_agent}));
    CAPTURE(ended.finished.err);
    CHECK(ended.finished.code == 3);
    CHECK(ended.results.size() == 4);
    CHECK(ended.forfeits().empty());
    REQUIRE(ended.failed.size() == story.worlds);
    for (const journal::FailedAttempt& attempt : ended.failed) {
      CAPTURE(attempt.detail);
      CHECK(cause_name(attempt.cause) == "world_error");
      CHECK(attempt.culprit == 0);  // the first competitor
      CHECK(attempt.detail.find(story.reason.substr(0, story.reason.find(" |"))) == 0);
    }
  }
}

TEST_CASE("what an agent does between two worlds, and what it prints, costs nothing") {
  const Ended calm(dilemma_of({"none", "void", "move_deadline = \"30s\""}));
  REQUIRE(calm.finished.code == 0);
  for (const std::string deed : {"between", "chatter", "flood"}) {
    CAPTURE(deed);
    const Ended ended(dilemma_of({deed, "void", "move_deadline = \"30s\""}));
    CHECK(ended.finished.code == 0);
    CHECK(ended.failed.empty());
    CHECK(tables_of(ended.dir) == tables_of(calm.dir));
  }
}

TEST_CASE("a OneShot agent that fails negotiates no more and has the lowest score") {
  std::vector<Story> all = stories("day 2: ");
  all.push_back({"illegal", "day 2: a reply must be \"accept\", \"end\" or"});
  all.push_back({"nothing", "day 2: an answer without the list 'replies'"});
  for (const Story& story : all) {
    CAPTURE(story.deed);
    const Ended ended(oneshot_of({story.deed, "forfeit", story.of_agent}));
    CHECK(ended.finished.code == 0);
    CHECK(ended.results.size() == 6);
    const std::vector<std::string> forfeits = ended.forfeits();
    REQUIRE(forfeits.size() == story.worlds);
    CAPTURE(forfeits[0]);
    CHECK(forfeits[0].starts_with(story.reason));
    for (const WorldResult& result : ended.results) {
      for (std::size_t seat = 0; seat < result.seats.size(); ++seat) {
        if (result.seats[seat].forfeit.empty()) continue;
        CHECK(result.seats[seat].score <= 0);
        CHECK(result.seats[seat].score <= result.seats[1 - seat].score);
      }
    }
  }
}

TEST_CASE("the tables do not depend on how many workers there are, whatever agents do") {
  for (const std::string deed : {"crash", "illegal", "between"}) {
    CAPTURE(deed);
    for (auto* spec_of : {dilemma_of, oneshot_of}) {
      const std::string patient = "move_deadline = \"30s\"";
      const Ended alone(spec_of({deed, "forfeit", patient, "count = 1", 2}));
      const Ended three(spec_of({deed, "forfeit", patient, "count = 3", 2}));
      REQUIRE(alone.finished.code == 0);
      CHECK(alone.results == three.results);
      CHECK(tables_of(alone.dir) == tables_of(three.dir));
    }
  }
}

TEST_CASE("the examples with agents in Python play, and nobody forfeits") {
  for (const auto& [name, worlds] : {std::pair{"agents", 200}, std::pair{"oneshot-agent", 60}}) {
    CAPTURE(name);
    const ScratchFolder folder;
    const fs::path dir = folder.path() / "run";
    const Finished run =
        joust({"run", fmt::format("{}/tools/examples/{}.toml", JOUST_SOURCE_DIR, name), "--out",
               dir.string()});
    CAPTURE(run.err);
    CHECK(run.code == 0);
    CHECK(report_of(dir)["done"] == worlds);
    journal::Reader(dir).for_each_result(
        [&](const journal::ResultRow& row) { CHECK_FALSE(has_forfeits(row.encoded)); });
  }
}

bool is_agent(int pid) {
  const auto command = read_whole_file(fmt::format("/proc/{}/cmdline", pid));
  return command && command->find("misbehave.py") != std::string::npos;
}

std::vector<int> agents_of(const JoustProcess& running) {
  std::vector<int> found = running.descendants();
  std::erase_if(found, [](int pid) { return !is_agent(pid); });
  return found;
}

TEST_CASE("an agent ends with its worker, and with joust") {
  const ScratchFolder folder;
  write_text(folder.path() / "t.toml",
             dilemma_of({"spin", "forfeit", "move_deadline = \"50s\"", "count = 2"}));
  JoustProcess running(
      {"run", (folder.path() / "t.toml").string(), "--out", (folder.path() / "run").string()});
  REQUIRE(eventually(seconds(20), [&] { return agents_of(running).size() == 2; }));
  const std::vector<int> first = agents_of(running);
  for (const int worker : running.workers()) ::kill(worker, SIGKILL);
  CHECK(eventually(seconds(10), [&] {
    const std::vector<int> now = agents_of(running);
    return std::none_of(first.begin(), first.end(), [&](int pid) {
      return std::find(now.begin(), now.end(), pid) != now.end();
    });
  }));
  running.signal(SIGKILL);
  running.wait();
  CHECK(eventually(seconds(10), [&] { return running.descendants().empty(); }));
}

TEST_CASE("an interrupted run is resumed only with the same agents") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  const fs::path gate = folder.path() / "gate";
  // answers every message, the 8th only once there is a gate
  write_text(
      folder.path() / "agent.sh",
      fmt::format("echo '{{\"type\":\"ready\",\"protocol\":1}}' >&4\nn=0\n"
                  "while read -r line <&3; do case \"$line\" in *'\"n\":'*) n=$((n+1))\n"
                  "if [ $n = 8 ]; then until test -e {}; do sleep 0.01; done; fi\n"
                  "echo \"{{\\\"type\\\":\\\"answer\\\",\\\"n\\\":$n,\\\"move\\\":\\\"D\\\"}}\""
                  " >&4;; esac; done\n",
                  gate.string()));
  write_text(folder.path() / "t.toml",
             "[tournament]\nname = \"t\"\n[world]\nname = \"prisoners-dilemma\"\n"
             "[world.parameters]\nrounds = 3\n[workers]\ncount = 1\n"
             "[[competitor]]\nname = \"Sh\"\ncommand = [\"sh\", \"agent.sh\"]\n"
             "move_deadline = \"50s\"\n[[competitor]]\ntype = \"TitForTat\"\n");
  JoustProcess running({"run", (folder.path() / "t.toml").string(), "--out", dir.string()});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) > 0; }));
  running.signal(SIGKILL);
  running.wait();
  const std::string before = read_text(folder.path() / "agent.sh");
  write_text(folder.path() / "agent.sh", before + "# better\n");
  const Finished refused = joust({"resume", dir.string()});
  CHECK(refused.code == 2);
  CAPTURE(refused.err);
  CHECK(refused.err.find("agent.sh changed since this run began") != std::string::npos);
  write_text(folder.path() / "agent.sh", before);
  write_text(gate, "");
  CHECK(joust({"resume", dir.string()}).code == 0);
  CHECK(report_of(dir)["done"] == 10);
}

}  // namespace
}  // namespace joust::test
