// The JSON of reports and comparisons has exactly the keys that README.md beside it describes.

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "runner/report/compare_text.hpp"
#include "runner/report/summary_json.hpp"
#include "runner/report/world_report.hpp"
#include "tests/support/report_samples.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

using Json = nlohmann::json;

// Every path to a value: "standings[].rank", "failures.<cause>.worlds".
void collect(const Json& json, const std::string& path, std::set<std::string>& paths) {
  static const std::map<std::string, std::string> kNamed = {
      {"failures", "<cause>"},      {"workers.lost_by_ending", "<ending>"},
      {"counters", "<name>"},       {"seats[].counters", "<name>"},
      {"course.tables", "<table>"}, {"course.tables.<table>[]", "<column>"}};
  const auto named = kNamed.find(path);
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      const std::string shown = named == kNamed.end() ? key : named->second;
      collect(value, path.empty() ? shown : path + "." + shown, paths);
    }
  } else if (json.is_array()) {
    for (const Json& element : json) collect(element, path + "[]", paths);
  } else {
    paths.insert(path);
  }
}

// The keys in code marks in the first column of the tables below a heading, up to a line.
std::set<std::string> documented(const std::string& from, const std::string& to) {
  const std::string text = read_text(JOUST_SOURCE_DIR "/runner/report/README.md");
  const std::size_t begin = text.find(from);
  const std::size_t end = text.find(to, begin);
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  std::set<std::string> keys;
  std::istringstream lines(text.substr(begin, end - begin));
  static const std::regex kKey("`([^`]+)`");
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string column = line.substr(0, line.find(" | ", 2));
    for (std::sregex_iterator at(column.begin(), column.end(), kKey), none; at != none; ++at) {
      keys.insert((*at)[1]);
    }
  }
  return keys;
}

// Keys that hold objects or arrays alone ("standings[]") are described, but are no values.
void check_same(const std::set<std::string>& described, const std::set<std::string>& found) {
  for (const std::string& key : found) {
    CAPTURE(key);
    CHECK_MESSAGE(described.contains(key), "not described in runner/report/README.md");
  }
  for (const std::string& key : described) {
    const bool is_there = std::any_of(found.begin(), found.end(), [&](const std::string& path) {
      return path == key || path.starts_with(key + ".") || path.starts_with(key + "[");
    });
    CAPTURE(key);
    CHECK_MESSAGE(is_there, "described, but not in the JSON");
  }
}

// A report in which no array is empty and nothing is left out.
Report full_report(const std::filesystem::path& run) {
  MemoryRecord record = troubled_record();
  record.session_rows.resize(1);
  record.failed[3].stack = "attempts/20.3.stack";
  write_text(run / "attempts/20.3.stack", "#0 f\n");
  write_text(run / "attempts/20.3.log", "last words\n");
  Report report = report_of(record, in_folder(run.string()));
  report.standings.inference = sample_inference();
  report.sensitivity = sample_sensitivity(true);
  report.damage = {"a row"};
  report.forfeits = {{7, "07_abc", "Cid", "no move"}};
  return report;
}

WorldReport sample_world() {
  WorldReport world;
  world.attempt = 2;
  world.state = WorldState::counted;
  world.seats = {{"Ann", "Nice", SeatResult{"00Ni@0", 0.5, {{"wins", 1}}, "too slow"}}};
  world.counters = {{"n_contracts_signed", 3},
                    {"n_seconds", 1.5},
                    {"n_contracts_executed", 2},
                    {"n_negs_lost", std::nan("")}};
  journal::FailedAttempt failure;
  failure.attempt = 1;
  failure.cause = Cause::timed_out;
  failure.detail = "too long";
  failure.log = "7.1.log";
  world.failures = {failure};
  world.culprits = {"Ann"};
  world.course = WorldCourse{
      "seat 0 has 1 now",
      {{"parts", {"name", "size", "last_price"}, {{std::string("bolt"), std::int64_t{3}, 2.5}}}}};
  return world;
}

}  // namespace

TEST_CASE("the keys of the summary are those that are described") {
  const ScratchFolder run;
  Report report = full_report(run.path());
  std::set<std::string> found;
  collect(Json::parse(summary_json(report)), "", found);
  report.state = RunState::finished;  // only then are there winners
  collect(Json::parse(summary_json(report)), "", found);
  check_same(documented("## JSON", "`joust compare DIR DIR... --json`"), found);
}

TEST_CASE("the keys of a comparison are those that are described") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const MemoryRecord record = small_record();
  MemoryRecord changed = small_record();
  WorldResult result = small_result(5);
  result.seats[0].score += 1;
  changed.add(5, result);
  RunToCompare first;
  first.dir = "a";
  first.tournament = &tournament;
  first.plan = &plan;
  first.record = &record;
  first.deciding = {{"metric", "mean"}};
  RunToCompare other = first;
  other.record = &changed;
  other.deciding = {{"metric", "sum"}};
  Comparison comparison = compare_runs({first, other});
  for (ComparedRun& run : comparison.runs) run.standings.inference = sample_inference();
  std::set<std::string> found;
  collect(Json::parse(comparison_json(comparison)), "", found);
  check_same(documented("`joust compare DIR DIR... --json`", "### One world"), found);
}

TEST_CASE("the keys of a report of one world are those that are described") {
  std::set<std::string> found;
  collect(Json::parse(world_json(sample_world())), "", found);
  check_same(documented("### One world", "## JUnit"), found);
}

TEST_CASE("a world is told in text with its seats, failures, counters and course") {
  WorldReport world = sample_world();
  const auto text_of = [&world] {
    std::ostringstream out;
    print_world(out, world, false);
    return out.str();
  };
  const std::string text = text_of();
  CAPTURE(text);
  for (const char* part :
       {"counted, by attempt 2 (1 failed attempt)\n", "   0  Ann         Nice  00Ni@0  0.500000\n",
        "  Ann forfeited: too slow\n", "  1: timed_out: too long; it names Ann\n    log: 7.1.log\n",
        "  seconds 1.5, negs_lost -\n  contracts: signed 3, executed 2\n",
        "does NOT give the recorded result: seat 0 has 1 now.", "\nparts\nname  size  last price\n",
        "bolt     3      2.5000\n"}) {
    CAPTURE(part);
    CHECK(has(text, part));
  }
  world.course->difference.clear();
  CHECK(has(text_of(), "as it was played again now, to the recorded result\n"));
  world.course.reset();
  world.no_course = "no reason";
  CHECK(has(text_of(), "course     not told: no reason\n"));
  world.state = WorldState::voided;
  world.void_for = "Bob";
  CHECK(has(text_of(), "state      void: Bob was disqualified before it\n"));
  world.state = WorldState::open;
  CHECK(has(text_of(), "state      to be tried again, after 1 failed attempt\n"));
}

TEST_CASE("the summary tells inference, failures by competitor, cost and worlds in trouble") {
  const ScratchFolder run;
  const Json json = Json::parse(summary_json(full_report(run.path())));
  CAPTURE(json.dump());
  CHECK(json["schema"] == kSummarySchema);
  CHECK(json["partial"] == true);
  CHECK(json["standings"][0]["interval"].size() == 2);
  CHECK(json["standings"][0]["rank_probability"] == Json::array({0.5, 0.25, 0.25}));
  CHECK(json["inference"]["pairs"].size() == 3);
  CHECK(json["inference"]["pairs"][0]["p_holm"] == 0.1875);
  CHECK(json["worst_worlds"][0]["task"] == 20);
  CHECK(json["worst_worlds"][0]["last_words"] == Json::array({"last words"}));
  CHECK(json["worst_worlds"][0]["culprit"].is_null());
  CHECK(json["cost"]["workers_lost"] == 3);
  CHECK(json["sensitivity"]["cases"][0]["ranking"][0]["competitor"] == "Cid");
  std::uint64_t sat_in = 0;
  for (const Json& row : json["standings"]) sat_in += row["failures_sat_in"].get<std::uint64_t>();
  CHECK(sat_in == 10);
}

TEST_CASE("without statistics their keys are null, not absent") {
  Report report = report_of(small_record(), in_folder("runs/small"));
  report.standings.inference = {};
  const Json json = Json::parse(summary_json(report));
  CHECK(json.at("inference").is_null());
  CHECK(json.at("sensitivity").is_null());
  CHECK(json.at("standings")[0].at("interval").is_null());
  CHECK(json.at("standings")[0].at("rank_probability").is_null());
  CHECK(json.at("cost").at("median_recovery_seconds").is_null());
}
