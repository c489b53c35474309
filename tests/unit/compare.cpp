#include "runner/report/compare.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runner/report/compare_text.hpp"
#include "tests/support/report_samples.hpp"

using namespace joust;
using namespace joust::report;
using namespace joust::test;

namespace {

// A run of the small tournament in memory.
struct Run {
  explicit Run(MemoryRecord results = small_record(), Tournament played = small_tournament())
      : tournament(std::move(played)), plan(tournament.shape), record(std::move(results)) {}

  RunToCompare subject(const std::string& dir) const {
    RunToCompare run;
    run.dir = dir;
    run.tournament = &tournament;
    run.plan = &plan;
    run.record = &record;
    run.deciding = deciding;
    return run;
  }

  Tournament tournament;
  Plan plan;
  MemoryRecord record;
  std::map<std::string, std::string> deciding = {{"tournament.seed", "42"}};
};

Comparison compare(const Run& first, const Run& other) {
  return compare_runs({first.subject("runs/a"), other.subject("runs/b")});
}

std::string shown(const Comparison& comparison) {
  std::ostringstream out;
  print_comparison(out, comparison, false);
  return out.str();
}

MemoryRecord with_changed_score(TaskIndex task, std::uint32_t seat) {
  MemoryRecord record = small_record();
  WorldResult result = small_result(task);
  result.seats[seat].score += 0.5;
  record.add(task, result);
  return record;
}

}  // namespace

TEST_CASE("two runs with the same spec and results do not differ") {
  const Comparison comparison = compare(Run(), Run());
  CHECK(comparison.all_same());
  REQUIRE(comparison.runs[1].difference);
  CHECK(comparison.runs[1].difference->equal == 24);
  CHECK_FALSE(comparison.runs[0].difference);
  const std::string text = shown(comparison);
  CAPTURE(text);
  CHECK(has(text, "1 and 2: the same\n"));
  CHECK(has(text, "24 the same, 0 different, 0 only in 1, 0 only in 2\n"));
}

TEST_CASE("one changed score is found, with its world and its competitor") {
  const Run first;
  const Run other(with_changed_score(7, 1));
  const Comparison comparison = compare(first, other);
  CHECK_FALSE(comparison.all_same());
  const RunDifference& difference = *comparison.runs[1].difference;
  CHECK(difference.equal == 23);
  CHECK(difference.different == 1);
  REQUIRE(difference.examples.size() == 1);
  const WorldDifference& world = difference.examples[0];
  CHECK(world.task == 7);
  CHECK(world.run_id == first.plan.run_id(7));
  CHECK(world.change == WorldChange::scores);
  REQUIRE(world.seats.size() == 1);
  std::vector<std::uint32_t> seats;
  first.plan.seats(first.plan.cell(7), seats);
  CHECK(world.seats[0].competitor == first.tournament.setup.competitors[seats[1]].name);
  CHECK(world.seats[0].here == doctest::Approx(world.seats[0].first + 0.5));
  CHECK(has(shown(comparison), world.run_id + ": "));
}

TEST_CASE("results that differ in something else than scores are told apart") {
  MemoryRecord record = small_record();
  WorldResult result = small_result(9);
  result.counters.push_back({.name = "deals", .value = 3});
  record.add(9, result);
  const Comparison comparison = compare(Run(), Run(std::move(record)));
  CHECK(comparison.runs[1].difference->examples.at(0).change == WorldChange::details);
  CHECK(has(shown(comparison), "the same scores, but other names, counters or payload"));
}

TEST_CASE("a score that is missing on both sides is no difference, on one side it is") {
  const auto without_score = [] {
    MemoryRecord record = small_record();
    WorldResult result = small_result(4);
    result.seats[0].score = std::nan("");
    record.add(4, result);
    return record;
  };
  CHECK(compare(Run(without_score()), Run(without_score())).all_same());
  const Comparison comparison = compare(Run(), Run(without_score()));
  REQUIRE(comparison.runs[1].difference->examples.at(0).seats.size() == 1);
  CHECK(std::isnan(comparison.runs[1].difference->examples[0].seats[0].here));
}

TEST_CASE("worlds that only one of the runs has are counted on their side") {
  MemoryRecord few = small_record(20);
  MemoryRecord others;
  for (TaskIndex task = 2; task < 24; ++task) others.add(task, small_result(task));
  const Comparison comparison = compare(Run(std::move(few)), Run(std::move(others)));
  const RunDifference& difference = *comparison.runs[1].difference;
  CHECK(difference.equal == 18);
  CHECK(difference.different == 0);
  CHECK(difference.only_in_first == 2);
  CHECK(difference.only_here == 4);
  const std::string text = shown(comparison);
  CAPTURE(text);
  CHECK(has(text, ": only in 1\n"));
  CHECK(has(text, ": only in 2\n"));
}

TEST_CASE("keys that decide results and differ are named with both values") {
  Run other;
  other.deciding["tournament.seed"] = "43";
  other.deciding["world.parameters.noise"] = "0.1";
  const Comparison comparison = compare(Run(), other);
  CHECK_FALSE(comparison.all_same());
  const std::string text = shown(comparison);
  CAPTURE(text);
  CHECK(has(text, "2 keys that decide results differ"));
  CHECK(has(text, "tournament.seed: 42 in 1, 43 in 2\n"));
  CHECK(has(text, "world.parameters.noise: nothing in 1, 0.1 in 2\n"));
  CHECK(has(text, "24 the same"));  // the worlds are the same all the same
}

TEST_CASE("worlds are not compared when plan, seed or competitors are not the same") {
  Tournament other_seed = small_tournament();
  other_seed.shape.seed = 43;
  Tournament other_names = small_tournament();
  other_names.setup.competitors[0].name = "Dan";
  Tournament more_configs = small_tournament();
  more_configs.shape.configs = 5;
  for (const Tournament& tournament : {other_seed, other_names, more_configs}) {
    const Comparison comparison = compare(Run(), Run(small_record(), tournament));
    CHECK_FALSE(comparison.runs[1].difference->is_comparable);
    CHECK(comparison.runs[1].difference->equal == 0);
    CHECK(has(shown(comparison), "not the same plan, seed and competitors"));
    CHECK_FALSE(comparison.all_same());
  }
}

TEST_CASE("the standings of all runs stand together, intervals as well") {
  Tournament other_names = small_tournament();
  other_names.setup.competitors[0].name = "Dan";
  Comparison comparison = compare(Run(), Run(small_record(), other_names));
  comparison.runs[0].standings.inference = sample_inference();
  const std::string text = shown(comparison);
  CAPTURE(text);
  CHECK(has(text, "Dan "));
  CHECK(has(text, "Cid "));
  CHECK(has(text, " .. "));
  CHECK(widest_line(text) <= 100);
}

TEST_CASE("scores that cannot be used and unequal coverage are shown of each run") {
  MemoryRecord record = small_record();
  WorldResult broken = small_result(2);
  broken.seats[1].score = std::nan("");
  record.add(2, broken);
  const Comparison comparison = compare(Run(), Run(std::move(record)));
  const std::string text = shown(comparison);
  CAPTURE(text);
  CHECK(has(text, "1 score unusable\n"));
  CHECK(has(text, "2: UNEQUAL COVERAGE: "));
  CHECK_FALSE(has(text, "1: UNEQUAL COVERAGE: "));
  CHECK(has(text, "16 of 16         1\n"));
  CHECK(widest_line(text) <= 100);
  const auto json = nlohmann::json::parse(comparison_json(comparison));
  CHECK(json["runs"][0]["unusable_scores"] == 0);
  CHECK(json["runs"][0]["even_coverage"] == true);
  CHECK(json["runs"][1]["unusable_scores"] == 1);
  CHECK(json["runs"][1]["even_coverage"] == false);
}

TEST_CASE("three runs are each compared with the first, and only the first examples are shown") {
  const Run first;
  const Run same;
  MemoryRecord changed;
  for (TaskIndex task = 0; task < 24; ++task) {
    WorldResult result = small_result(task);
    result.seats[0].score -= 1;
    changed.add(task, result);
  }
  const Run other(std::move(changed));
  const Comparison comparison =
      compare_runs({first.subject("a"), same.subject("b"), other.subject("c")}, 3);
  CHECK(comparison.runs[1].difference->none());
  CHECK(comparison.runs[2].difference->different == 24);
  CHECK(comparison.runs[2].difference->examples.size() == 3);
  CHECK(has(shown(comparison), "... and 21 more\n"));
}
