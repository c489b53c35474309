#include "runner/scoring/inference_tables.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>

#include "tests/support/scratch_folder.hpp"
#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::scoring;
using namespace joust::test;

namespace {

Standings standings_of(const ResultSource& source, const StandingsOptions& options) {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  return compute_standings(tournament, plan, source, options);
}

std::string written(const std::function<void(AtomicFile&)>& write) {
  ScratchFolder folder;
  AtomicFile file(folder.path() / "table.csv");
  write(file);
  file.commit(Sync::none);
  return read_text(folder.path() / "table.csv");
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n') + 1); }

// The rows after the header.
std::size_t rows_of(const std::string& text) {
  std::size_t lines = 0;
  for (const char c : text) lines += c == '\n' ? 1 : 0;
  return lines - 1;
}

}  // namespace

TEST_CASE("standings.csv has one row per competitor, with failures charged to it") {
  const Standings standings = standings_of(small_record(), {});
  const std::string text = written([&](AtomicFile& file) {
    write_standings(file, standings, {{2, 7}});
  });
  CAPTURE(text);
  CHECK(first_line(text) ==
        "rank,competitor,metric,value,value_low,value_high,p_rank_1,tied_with_winner,worlds_done,"
        "worlds_expected,unusable_scores,failures_charged,forfeits,disqualified_at\n");
  CHECK(rows_of(text) == 3);
  CHECK(text.find("v1.2,truncated_mean,") != std::string::npos);
  CHECK(text.find(",16,16,0,7,0,\n") != std::string::npos);
  CHECK(text.find("\"Bob, \"\"the Builder\"\"\",truncated_mean,") != std::string::npos);
}

TEST_CASE("pairwise.csv has one row per pair, by the order of the competitors") {
  const Standings standings = standings_of(small_record(), {});
  const std::string text = written([&](AtomicFile& file) { write_pairwise(file, standings); });
  CAPTURE(text);
  CHECK(first_line(text) ==
        "a,b,shared_worlds,difference,difference_low,difference_high,p,p_holm,a_beats_b\n");
  CHECK(rows_of(text) == 3);
  CHECK(text.find("\nCid,\"Bob, \"\"the Builder\"\"\",8,") != std::string::npos);
  CHECK(text.find("\nCid,v1.2,8,") != std::string::npos);
}

TEST_CASE("without the inference its cells are empty and the counts are there") {
  const Standings standings = standings_of(small_record(), {.inference = false});
  CHECK(standings.inference.competitors.empty());
  CHECK(standings.inference.pairs.empty());
  const std::string text = written([&](AtomicFile& file) { write_standings(file, standings, {}); });
  CAPTURE(text);
  CHECK(text.find(",,,,,16,16,0,0,0,\n") != std::string::npos);
  CHECK(rows_of(written([&](AtomicFile& file) { write_pairwise(file, standings); })) == 0);
}

TEST_CASE("a competitor without a usable score has a row without a rank") {
  MemoryRecord record;
  WorldResult broken;
  broken.seats.push_back({.agent_name = "", .score = std::nan("")});
  record.add(0, broken);
  const Standings standings = standings_of(record, {});
  const std::string text = written([&](AtomicFile& file) { write_standings(file, standings, {}); });
  CAPTURE(text);
  CHECK(rows_of(text) == 3);
  CHECK(text.find("\n,Cid,truncated_mean,,,,,,") != std::string::npos);
}

TEST_CASE("tstats.csv and kstats.csv have a row for every pair, in the order of first seats") {
  const Standings standings = standings_of(small_record(), {.pair_tests = true});
  REQUIRE(standings.tests.size() == 3);
  const Plan plan(small_tournament().shape);
  std::vector<std::uint32_t> seats;
  plan.seats(plan.cell(0), seats);
  CHECK(standings.tests[0].a == seats[0]);
  CHECK(standings.tests[0].b == seats[1]);
  const std::vector<std::string> types{"x", "y", "z"};
  const std::string t =
      written([&](AtomicFile& file) { write_tstats(file, standings.tests, types); });
  const std::string k =
      written([&](AtomicFile& file) { write_kstats(file, standings.tests, types); });
  CAPTURE(t);
  CAPTURE(k);
  CHECK(first_line(t) == ",a,b,t,p,n_a,n_b,n_effective\n");
  CHECK(first_line(k) == first_line(t));
  CHECK(rows_of(t) == 3);
  CHECK(rows_of(k) == 3);
  CHECK(t.find("\n2," + types[standings.tests[2].a] + ",") != std::string::npos);
  CHECK(k.find(",16,16,16\n") != std::string::npos);
  CHECK(standings_of(small_record(), {}).tests.empty());
}

TEST_CASE("given-up worlds are charged to their culprits and counted ones are not") {
  MemoryRecord record = small_record(22);
  record.given_up = {{.task = 23, .cause = Cause::crashed}, {.task = 3, .cause = Cause::stalled}};
  const Standings standings = standings_of(record, {.culprits = {{23, 1}, {3, 2}}});
  CHECK(standings.sensitivity.missing == 2);
  CHECK(standings.sensitivity.imputed == 1);
  CHECK(standings.sensitivity.without_culprit == 1);
  REQUIRE(standings.sensitivity.excluded.places.size() == 3);
  for (const Standing& standing : standings.ranking) {
    CAPTURE(standing.name);
    const Place& place = standings.sensitivity.excluded.places[standing.competitor];
    CHECK(place.rank == standing.rank);
    CHECK(place.value == standing.value);
  }
  CHECK(standings_of(small_record(), {}).sensitivity.excluded.places.empty());
  CHECK_THROWS_AS(standings_of(record, {.culprits = {{23, 3}}}), std::out_of_range);
}

TEST_CASE("more competitors than can be compared are ranked without an inference") {
  Tournament tournament = small_tournament();
  tournament.shape = {.competitors = 513, .per_world = 2, .configs = 1, .runs = 1, .seed = 1};
  tournament.setup.competitors.clear();
  for (int i = 0; i < 513; ++i) {
    tournament.setup.competitors.push_back(
        {.name = "c" + std::to_string(i), .type = "idle", .parameters = {}});
  }
  const Plan plan(tournament.shape);
  const Standings standings = compute_standings(tournament, plan, small_record());
  CHECK(standings.inference.too_many_competitors);
  CHECK(standings.inference.competitors.empty());
  CHECK(standings.winners().size() == 1);
}
