// `joust report DIR --world TASK`: one world as it is recorded, and its course.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/chaos_run.hpp"
#include "tests/support/trading_run.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

TEST_CASE("a report of one world has what is recorded of it and its course") {
  const TradingRun run(trading());
  const Finished text = run.report("3");
  CAPTURE(text.out);
  CHECK(text.code == 0);
  CHECK(text.err.empty());
  for (const char* part :
       {"(task 3) of t\n", "counted, by attempt 1 (0 failed attempts)\n", "configuration 1, ",
        "contracts: exogenous ", "as it was played again now, to the recorded result\n",
        "\nfactories\n", "days short", "\nproducts\n", "last trading price", "joust replay "}) {
    CAPTURE(part);
    CHECK(has(text.out, part));
  }
  const Json json = Json::parse(run.report("3", {"--format", "json"}).out);
  CHECK(json["state"] == "counted");
  CHECK(json["course"]["same_result"] == true);
  REQUIRE(json["seats"].size() == 3);
  const std::string run_id = json["run_id"];
  CHECK(run.report(run_id).out == text.out);
  int seated = 0;
  for (const Json& factory : json["course"]["tables"]["factories"]) {
    for (const Json& seat : json["seats"]) {
      if (factory["agent"] != seat["agent"]) continue;
      CHECK(json["seats"][factory["seat"].get<std::size_t>()] == seat);
      CHECK(factory["score"] == seat["score"]);
      ++seated;
    }
  }
  CHECK(seated == 3);
  const fs::path file = run.folder.path() / "world.txt";
  CHECK(run.report("3", {"-o", file.string()}).code == 0);
  CHECK(read_text(file) == text.out);
}

TEST_CASE("a report of a world that there is not, or in another form, is one clear error") {
  const TradingRun run(trading());
  for (const char* task : {"99", "x", "", "3_000000"}) {
    check_one_error(run.report(task), 2, "there is no world '" + std::string(task) + "'");
  }
  check_one_error(run.report("0", {"--format", "html"}), 2, "--format html is not for --world");
  CHECK(run.report("0", {"-o", "/dev/full"}).code == 5);
}

TEST_CASE("a report of a world that can not explain itself says so, and which can") {
  const ChaosRun run("");
  const Finished report = joust({"report", run.dir.string(), "--world", "1"});
  CAPTURE(report.out);
  CHECK(report.code == 0);
  CHECK(has(report.out, "not told: worlds of 'chaos' do not explain themselves; those of scml-"));
}

TEST_CASE("a world without a result says why there is none") {
  const ChaosRun run("\"throw task=3 text=boom\", \"crash task=2 attempt=1\"");
  const auto report = [&](const std::string& task, bool json) {
    return joust({"report", run.dir.string(), "--world", task, "--format", json ? "json" : "text"})
        .out;
  };
  const std::string given_up = report("3", false);
  CAPTURE(given_up);
  CHECK(has(given_up, "quarantined: given up after 3 failed attempts\n"));
  CHECK(has(given_up, "\n  2: world_error: boom\n"));
  CHECK(has(given_up, "not told: the world has no result\n"));
  CHECK(has(report("2", false), "counted, by attempt 2 (1 failed attempt)\n"));
  const Json json = Json::parse(report("3", true));
  CHECK(json["state"] == "quarantined");
  CHECK(json["attempt"].is_null());
  CHECK(json["course"].is_null());
  CHECK(json["failed_attempts"].size() == 3);
  CHECK(json["failed_attempts"][0]["cause"] == "world_error");
  CHECK(json["seats"][0]["score"].is_null());
}

TEST_CASE("a world that is not played yet says so") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), busy_worlds(1000, "20ms")).string(),
                        "--out", dir.string(), "--quiet"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= 1; }));
  const Finished report = joust({"report", dir.string(), "--world", "1999"});
  CAPTURE(report.out);
  CHECK(report.code == 0);
  CHECK(has(report.out, "not played yet\n"));
}

// A program that leaves a mark where it is started.
std::string marking_program(const fs::path& folder) {
  const fs::path program = folder / "program.sh";
  write_text(program,
             "#!/bin/sh\ntouch '" + (folder / "started").string() + "'\nread line\nexit 1\n");
  ::chmod(program.c_str(), 0755);
  return program.string();
}

// A run with a competitor "Mine" that is this program.
fs::path run_with(const fs::path& folder, const std::string& program, SpecText spec) {
  spec.competitors = {"NiceAgent", "GreedyOneShotAgent"};
  const std::string text = to_toml(spec) + "\n[[competitor]]\nname = \"Mine\"\ncommand = [\"" +
                           program + "\"]\nmove_deadline = \"1s\"\n";
  write_text(folder / "mine.toml", text);
  const fs::path dir = folder / "run";
  const Finished run = joust({"run", (folder / "mine.toml").string(), "--out", dir.string(), "-q"});
  CAPTURE(run.err);
  REQUIRE((run.code == 0 || run.code == 3));
  return dir;
}

TEST_CASE("a report starts no program that plays for a competitor") {
  const ScratchFolder folder;
  SpecText spec = trading();
  spec.of_tournament = "competitors_per_world = 2";
  const fs::path dir = run_with(folder.path(), marking_program(folder.path()), spec);
  REQUIRE(fs::remove(folder.path() / "started"));
  int untold = 0;
  int told = 0;
  for (int task = 0; task < 12; ++task) {
    const Finished report = joust({"report", dir.string(), "--world", std::to_string(task)});
    CAPTURE(report.out);
    CHECK(report.code == 0);
    const bool is_seated = has(report.out, "Mine");
    CHECK(is_seated == has(report.out, "not told: Mine plays in a process of its own"));
    CHECK(is_seated == has(report.out, "Mine forfeited: "));
    ++(is_seated ? untold : told);
  }
  CHECK(untold == 8);
  CHECK(told == 4);
  CHECK_FALSE(fs::exists(folder.path() / "started"));
}

TEST_CASE("a world that is void says for whom") {
  const ScratchFolder folder;
  SpecText spec = trading();
  spec.of_tournament = "competitors_per_world = 2\ndisqualify_after = 1";
  const fs::path dir = run_with(folder.path(), marking_program(folder.path()), spec);
  int voided = 0;
  for (int task = 0; task < 12; ++task) {
    const Finished report = joust({"report", dir.string(), "--world", std::to_string(task)});
    CAPTURE(report.out);
    voided += has(report.out, "state      void: Mine was disqualified before it\n") ? 1 : 0;
  }
  CHECK(voided == 7);  // of eight in which it sits, all but the first
}

TEST_CASE("a course that is not the recorded one says so") {
  SpecText spec = trading();
  const TradingRun run(spec);
  exchange_results(run.dir, 0, 1);
  const Finished report = run.report("0");
  CAPTURE(report.out);
  CHECK(report.code == 0);
  CHECK(has(report.out, "does NOT give the recorded result: seat 0 has "));
  const Json json = Json::parse(run.report("0", {"--format", "json"}).out);
  CHECK(json["course"]["same_result"] == false);
  CHECK_FALSE(json["course"]["difference"].is_null());
}

}  // namespace
}  // namespace joust::test
