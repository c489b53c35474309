#include "runner/scoring/tables.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "tests/support/scratch_folder.hpp"
#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::scoring;
using namespace joust::test;

namespace {

constexpr std::array<const char*, 5> kTables = {"scores.csv", "total_scores.csv", "winners.csv",
                                                "score_stats.csv", "params.json"};

std::string all_tables(const std::filesystem::path& folder) {
  std::string content;
  for (const char* name : kTables) content += read_text(folder / name);
  return content;
}

}  // namespace

TEST_CASE("the tables have the bytes that pandas writes for the same scores") {
  const ScratchFolder run;
  const Tournament tournament = small_tournament();
  write_tables(run.path(), tournament, Plan(tournament.shape), small_record());
  for (const char* name : {"scores.csv", "total_scores.csv", "winners.csv", "score_stats.csv"}) {
    CAPTURE(name);
    CHECK(read_text(run.path() / "small-stage-0001" / name) ==
          read_text(std::filesystem::path(JOUST_TEST_DATA "/scoring/tables") / name));
  }
}

TEST_CASE("the tables do not depend on the order in which results were counted, nor on the pool") {
  Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const ScratchFolder first;
  write_tables(first.path(), tournament, plan, small_record());
  const std::string expected = all_tables(first.path() / "small-stage-0001");

  std::vector<TaskIndex> order(24);
  std::iota(order.begin(), order.end(), 0U);
  std::mt19937 engine(3);
  for (std::uint32_t round = 0; round < 5; ++round) {
    std::shuffle(order.begin(), order.end(), engine);
    MemoryRecord record;
    for (const TaskIndex task : order) record.add(task, small_result(task));
    tournament.pool.workers = round + 2;
    tournament.pool.attempts = round + 7;
    const ScratchFolder other;
    write_tables(other.path(), tournament, plan, record);
    CHECK(all_tables(other.path() / "small-stage-0001") == expected);
  }
}

TEST_CASE("tables are replaced and leave no temporary file behind") {
  const ScratchFolder run;
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  write_tables(run.path(), tournament, plan, small_record(3));
  const Standings standings = write_tables(run.path(), tournament, plan, small_record());
  CHECK(standings.coverage.done == 24);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(run.path() / "small-stage-0001")) {
    names.push_back(entry.path().filename().string());
  }
  CHECK(names.size() == kTables.size());
  const std::string scores = read_text(run.path() / "small-stage-0001" / "scores.csv");
  CHECK(std::count(scores.begin(), scores.end(), '\n') == 49);
}

TEST_CASE("a result that can not be read leaves the earlier tables as they were") {
  const ScratchFolder run;
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  write_tables(run.path(), tournament, plan, small_record(3));
  const std::string before = all_tables(run.path() / "small-stage-0001");
  MemoryRecord damaged = small_record();
  damaged.add_bytes(20, "?");
  CHECK_THROWS_AS(write_tables(run.path(), tournament, plan, damaged), journal::JournalError);
  CHECK(all_tables(run.path() / "small-stage-0001") == before);
  CHECK_FALSE(std::filesystem::exists(run.path() / "small-stage-0001" / "scores.csv.tmp"));
}

TEST_CASE("an empty run gives tables with every competitor and no winner") {
  const ScratchFolder run;
  const Tournament tournament = small_tournament();
  write_tables(run.path(), tournament, Plan(tournament.shape), MemoryRecord{});
  const std::filesystem::path folder = run.path() / "small-stage-0001";
  CHECK(read_text(folder / "winners.csv") == ",agent_type,score\n");
  CHECK(read_text(folder / "total_scores.csv") ==
        ",agent_type,score\n0,\"Bob, \"\"the Builder\"\"\",\n1,Cid,\n2,v1_2,\n");
  CHECK(read_text(folder / "score_stats.csv").find("\nCid,0.0,,,,,,,\n") != std::string::npos);
  CHECK(read_text(folder / "scores.csv").find('\n') == read_text(folder / "scores.csv").size() - 1);
}

TEST_CASE("an unusable score keeps its row in scores.csv") {
  const ScratchFolder run;
  const Tournament tournament = small_tournament();
  MemoryRecord record;
  WorldResult result;
  result.seats.push_back({.agent_name = "a", .score = std::nan("")});
  result.seats.push_back({.agent_name = "b", .score = -std::numeric_limits<double>::infinity()});
  record.add(0, result);
  write_tables(run.path(), tournament, Plan(tournament.shape), record);
  const std::string scores = read_text(run.path() / "small-stage-0001" / "scores.csv");
  CAPTURE(scores);
  CHECK(scores.find("0,a,a,Cid,,,00_6c2467,,,00_6c2467\n") != std::string::npos);
  CHECK(scores.find(",00_6c2467,-inf,,00_6c2467\n") != std::string::npos);
}

TEST_CASE("names with dots stay distinct for readers that cut at the last dot") {
  std::vector<Competitor> competitors;
  for (const char* name : {"v1.2", "v1_2", "v1.2.", "plain", "v1_2_"}) {
    competitors.push_back({.name = name, .type = "", .parameters = {}});
  }
  CHECK(agent_types(competitors) ==
        std::vector<std::string>{"v1_2__", "v1_2", "v1_2___", "plain", "v1_2_"});
}

TEST_CASE("params.json has what decides results and nothing of the pool") {
  Tournament tournament = small_tournament();
  tournament.setup.world = "scml-oneshot";
  tournament.setup.parameters.set("n_steps", IntegerRange{50, 200});
  tournament.setup.parameters.set("quirks", true);
  tournament.setup.parameters.set("script", std::string(1000, '\xff'));
  tournament.setup.competitors[0].parameters.set("greed", 0.5);
  const std::string text = params_json(tournament, Plan(tournament.shape));
  const auto json = nlohmann::json::parse(text);
  CHECK(json["name"] == "small");
  CHECK(json["competitors"] == nlohmann::json({"Cid", "Bob, \"the Builder\"", "v1_2"}));
  CHECK(json["competitor_params"][0]["greed"] == 0.5);
  CHECK(json["n_configs"] == 4);
  CHECK(json["n_worlds"] == 24);
  CHECK(json["n_competitors_per_world"] == 2);
  CHECK(json["n_steps"] == nlohmann::json({50, 200}));
  CHECK(json["oneshot_world"] == true);
  CHECK(json["std_world"] == false);
  CHECK(json["metric"] == "truncated_mean");
  CHECK(json["seed"] == 42);
  CHECK(json["world_params"]["script"].get<std::string>().rfind("xxh3:", 0) == 0);
  CHECK_FALSE(json.contains("n_processes"));
  CHECK_FALSE(json.contains("parallelism"));
}

TEST_CASE("a folder that can not be made is an error that names it") {
  const ScratchFolder run;
  write_text(run.path() / "small-stage-0001", "a file in the way");
  const Tournament tournament = small_tournament();
  std::string error;
  try {
    write_tables(run.path(), tournament, Plan(tournament.shape), small_record());
  } catch (const journal::JournalError& caught) {
    error = caught.what();
  }
  CAPTURE(error);
  CHECK(error.find("small-stage-0001") != std::string::npos);
}
