#include "runner/scoring/tables.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

#include "common/csv.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::scoring;
using namespace joust::test;

namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, std::string>;

Standings write_small(const fs::path& folder, const ResultSource& record,
                      const TableOptions& options = {}) {
  const Tournament tournament = small_tournament();
  return write_tables(folder, tournament, Plan(tournament.shape), record, options);
}

// Names that make trouble; make_scoring.py has the same.
Tournament nasty_tournament() {
  Tournament tournament = small_tournament();
  tournament.shape.configs = 1;
  tournament.setup.competitors.clear();
  for (const char* name : {"a,b", "say \"x\"", "\"", "two\nlines", "old\rmac", "crlf\r\nx", " lead",
                           "trail ", "=cmd", "'q", "tab\tx", ";", "na_", "-inf",
                           "\xC3\xBCn\xC3\xAF \xE6\x97\xA5\xE6\x9C\xAC", "\xE2\x80\xA8", "\\n"}) {
    tournament.setup.competitors.push_back({.name = name, .type = "idle", .parameters = {}});
  }
  tournament.shape.competitors = static_cast<std::uint32_t>(tournament.setup.competitors.size());
  return tournament;
}

void check_golden(const fs::path& written, const std::string& golden) {
  for (const char* name : {"scores.csv", "total_scores.csv", "winners.csv", "score_stats.csv",
                           "world_stats.csv", "type_stats.csv", "agent_stats.csv"}) {
    CAPTURE(name);
    CHECK(read_text(written / name) ==
          read_text(fs::path(JOUST_TEST_DATA "/scoring") / golden / name));
  }
}

}  // namespace

TEST_CASE("the tables have the bytes that pandas writes for the same results") {
  const ScratchFolder run;
  write_small(run.path() / "t", small_record());
  check_golden(run.path() / "t", "tables");
}

TEST_CASE("names that make trouble are written as pandas writes and reads them") {
  const ScratchFolder run;
  const Tournament tournament = nasty_tournament();
  const Plan plan(tournament.shape);
  MemoryRecord record;
  for (TaskIndex task = 0; task < plan.worlds(); ++task) {
    WorldResult result = small_result(task);
    result.seats[0].agent_name.clear();
    record.add(task, result, small_time(task));
  }
  write_tables(run.path() / "t", tournament, plan, record);
  check_golden(run.path() / "t", "names");
}

TEST_CASE("the tables do not depend on the order in which results were counted, nor on the pool") {
  Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const ScratchFolder first;
  write_small(first.path(), small_record());
  const Files expected = files_under(first.path());

  std::vector<TaskIndex> order(24);
  std::iota(order.begin(), order.end(), 0U);
  std::mt19937 engine(3);
  for (std::uint32_t round = 0; round < 5; ++round) {
    std::shuffle(order.begin(), order.end(), engine);
    MemoryRecord record;
    for (const TaskIndex task : order) record.add(task, small_result(task), small_time(task));
    tournament.pool.workers = round + 2;
    tournament.pool.attempts = round + 7;
    const ScratchFolder other;
    write_tables(other.path(), tournament, plan, record);
    CHECK(files_under(other.path()) == expected);
  }
}

TEST_CASE("a world may count steps planned and steps played by themselves") {
  const ScratchFolder run;
  MemoryRecord record;
  WorldResult result = small_result(0);
  result.counters = {{"planned_n_steps", 20}, {"n_steps", 12}, {"n_negs_timedout", 1.5}};
  record.add(0, result, std::chrono::microseconds(1500));
  write_small(run.path(), record);
  const std::string stats = read_text(run.path() / "world_stats.csv");
  CAPTURE(stats);
  CHECK(stats.find("\n00_6c2467,20,12,0.0015,[],[],[],[],,,,,,,,,,1.5,,,,,,,,,,\n") !=
        std::string::npos);
}

TEST_CASE("only the three tables with times depend on how long worlds took") {
  const ScratchFolder folder;
  MemoryRecord quick;
  for (TaskIndex task = 0; task < 24; ++task) quick.add(task, small_result(task));
  write_small(folder.path() / "slow", small_record());
  write_small(folder.path() / "quick", quick);
  const Files slow = files_under(folder.path() / "slow");
  std::vector<std::string> differing;
  for (const auto& [name, content] : files_under(folder.path() / "quick")) {
    if (content != slow.at(name)) differing.push_back(name);
  }
  CHECK(differing ==
        std::vector<std::string>{"agent_stats.csv", "type_stats.csv", "world_stats.csv"});

  const TableOptions reproducible = {.reproducible = true, .per_run = true};
  write_small(folder.path() / "a", small_record(), reproducible);
  write_small(folder.path() / "b", quick, reproducible);
  CHECK(files_under(folder.path() / "a") == files_under(folder.path() / "b"));
}

TEST_CASE("tables are replaced and leave no temporary file behind") {
  const ScratchFolder run;
  write_small(run.path(), small_record(3));
  const Standings standings = write_small(run.path(), small_record());
  CHECK(standings.coverage.done == 24);
  const Files files = files_under(run.path());
  CHECK(files.size() == 10);
  const std::string& scores = files.at("scores.csv");
  CHECK(std::count(scores.begin(), scores.end(), '\n') == 49);
}

TEST_CASE("a result that can not be read leaves the earlier tables as they were") {
  const ScratchFolder run;
  write_small(run.path(), small_record(3));
  const Files before = files_under(run.path());
  MemoryRecord damaged = small_record();
  damaged.add_bytes(20, "?");
  CHECK_THROWS_AS(write_small(run.path(), damaged), journal::JournalError);
  CHECK(files_under(run.path()) == before);
}

// What `negmas tournament eval` does with a folder: it reads each results.json whose world's own
// folder is there, and makes all tables from them anew.
TEST_CASE("the tables can be rebuilt from the files of the single worlds") {
  const ScratchFolder run;
  write_small(run.path(), small_record(), {.reproducible = false, .per_run = true});
  const auto assigned = nlohmann::json::parse(read_text(run.path() / "assigned_configs.json"));
  REQUIRE(assigned.size() == 24);
  std::string scores = "";
  std::string types = "";
  for (const auto& configs : assigned) {
    REQUIRE(configs.size() == 1);
    const fs::path folder = configs[0]["__dir_name"].get<std::string>();
    CHECK(folder.is_absolute());
    CHECK(folder.filename() == configs[0]["world_params"]["name"].get<std::string>());
    REQUIRE(fs::is_directory(folder));
    const auto results = nlohmann::json::parse(read_text(folder.parent_path() / "results.json"));
    CHECK(results["world_paths"] == folder.string());
    CHECK(results["extra_scores"] == nlohmann::json::object());
    CHECK(results["world_stats"].size() == 1);
    CHECK(results["world_stats"][0]["name"] == results["run_id"]);
    for (const auto& row : results["scores"]) {
      scores += csv_line({row["agent_name"].get<std::string>(),
                          row["agent_type"].get<std::string>(), row["run_id"].get<std::string>()});
    }
    for (const auto& row : results["type_stats"]) {
      types += csv_line({row["world"].get<std::string>(), row["type"].get<std::string>(),
                         row["negs_registered"].dump(), row["times"].dump()});
    }
  }
  std::string expected_scores = "";
  std::string expected_types = "";
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const std::vector<std::string> names = agent_types(tournament.setup.competitors);
  std::vector<std::uint32_t> seats;
  for (TaskIndex task = 0; task < 24; ++task) {
    plan.seats(plan.cell(task), seats);
    for (std::size_t seat = 0; seat < 2; ++seat) {
      const Competitor& competitor = tournament.setup.competitors[seats[seat]];
      expected_scores +=
          csv_line({seat == 0 ? "00X@0" : competitor.name, names[seats[seat]], plan.run_id(task)});
      expected_types += csv_line({plan.run_id(task), names[seats[seat]],
                                  seat == 0 ? std::to_string(3 * task) : "null",
                                  nlohmann::json(static_cast<double>(task + 1) / 4).dump()});
    }
  }
  CHECK(scores == expected_scores);
  CHECK(types == expected_types);
}

TEST_CASE("a world's own file has the fields that negmas reads") {
  const ScratchFolder run;
  write_small(run.path(), small_record(3), {.reproducible = true, .per_run = true});
  const std::string run_id = Plan(small_tournament().shape).run_id(2);
  const auto results =
      nlohmann::ordered_json::parse(read_text(run.path() / run_id / "results.json"));
  std::vector<std::string> fields;
  for (const auto& [name, value] : results.items()) fields.push_back(name);
  CHECK(fields == std::vector<std::string>{"run_id", "name", "world_paths", "scores", "type_stats",
                                           "agent_stats", "world_stats", "extra_scores"});
  CHECK(results["name"] == "small");
  CHECK(results["world_paths"] == run_id + "/" + run_id);
  // the fields of a record are the columns of its table
  const auto check_columns = [&](const char* list, const char* table) {
    std::string columns;
    for (const auto& [name, value] : results[list][0].items()) {
      columns += (columns.empty() ? "" : ",") + name;
    }
    const std::string text = read_text(run.path() / table);
    CHECK(columns == text.substr(0, text.find('\n')));
  };
  check_columns("world_stats", "world_stats.csv");
  check_columns("type_stats", "type_stats.csv");
  check_columns("agent_stats", "agent_stats.csv");
  CHECK(results["world_stats"][0]["execution_time"] == 0.0);
  CHECK(results["world_stats"][0]["planned_n_steps"] == 12);
  CHECK(results["world_stats"][0]["simulation_exceptions"] == nlohmann::json::array());
  CHECK(results["agent_stats"][0]["negs_failed"] == 0.5);
  CHECK(results["agent_stats"][1]["negs_failed"].is_null());
}

TEST_CASE("an empty run gives tables with every competitor and no winner") {
  const ScratchFolder run;
  const fs::path& folder = run.path();
  write_small(folder, MemoryRecord{}, {.reproducible = false, .per_run = true});
  CHECK(nlohmann::json::parse(read_text(folder / "assigned_configs.json")).empty());
  CHECK(read_text(folder / "winners.csv") == ",agent_type,score\n");
  CHECK(read_text(folder / "total_scores.csv") ==
        ",agent_type,score\n0,\"Bob, \"\"the Builder\"\"\",\n1,Cid,\n2,v1_2,\n");
  CHECK(read_text(folder / "score_stats.csv").find("\nCid,0.0,,,,,,,\n") != std::string::npos);
  CHECK(read_text(folder / "scores.csv").find('\n') == read_text(folder / "scores.csv").size() - 1);
}

TEST_CASE("an unusable score keeps its row in scores.csv") {
  const ScratchFolder run;
  MemoryRecord record;
  WorldResult result;
  result.seats.push_back({.agent_name = "a", .score = std::nan("")});
  result.seats.push_back({.agent_name = "b", .score = -std::numeric_limits<double>::infinity()});
  record.add(0, result);
  write_small(run.path(), record);
  const std::string scores = read_text(run.path() / "scores.csv");
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
  CHECK(json["n_processes"].is_null());
  tournament.pool.workers = 9;
  tournament.pool.total_deadline = std::chrono::hours(1);
  CHECK(params_json(tournament, Plan(tournament.shape)) == text);
}

TEST_CASE("a folder that can not be made is an error that names it") {
  const ScratchFolder run;
  write_text(run.path() / "small-stage-0001", "a file in the way");
  const Tournament tournament = small_tournament();
  std::string error;
  try {
    write_small(tables_folder(run.path(), tournament), small_record());
  } catch (const journal::JournalError& caught) {
    error = caught.what();
  }
  CAPTURE(error);
  CHECK(error.find("small-stage-0001") != std::string::npos);
}
