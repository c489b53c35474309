#include "runner/scoring/standings.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>

#include "tests/support/small_tournament.hpp"

using namespace joust;
using namespace joust::scoring;
using namespace joust::test;

namespace {

// Every world done; each competitor always gets its own score.
MemoryRecord constant_scores(const Plan& plan, const std::vector<double>& score_of) {
  MemoryRecord record;
  std::vector<std::uint32_t> seats;
  for (TaskIndex task = 0; task < plan.worlds(); ++task) {
    plan.seats(plan.cell(task), seats);
    WorldResult result;
    for (const std::uint32_t competitor : seats) {
      result.seats.push_back({.agent_name = "", .score = score_of[competitor]});
    }
    record.add(task, result);
  }
  return record;
}

std::string error_of(const Tournament& tournament, const Plan& plan, const ResultSource& source) {
  try {
    compute_standings(tournament, plan, source);
  } catch (const journal::JournalError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("all competitors at the maximum win and the next rank is skipped") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const Standings standings =
      compute_standings(tournament, plan, constant_scores(plan, {2.5, 1.0, 2.5}));
  REQUIRE(standings.winners().size() == 2);
  CHECK(standings.winners()[0]->name == "Cid");
  CHECK(standings.winners()[1]->name == "v1.2");
  CHECK(standings.ranking[0].rank == 1);
  CHECK(standings.ranking[1].rank == 1);
  CHECK(standings.ranking[1].tied);
  CHECK(standings.ranking[2].name == "Bob, \"the Builder\"");
  CHECK(standings.ranking[2].rank == 3);
  CHECK_FALSE(standings.ranking[2].tied);
  CHECK(standings.coverage.complete());
}

TEST_CASE("scores that are no numbers are excluded and counted against their competitor") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  MemoryRecord record = constant_scores(plan, {1.0, 2.0, 3.0});
  WorldResult broken;
  broken.seats.push_back({.agent_name = "", .score = std::nan("")});
  broken.seats.push_back({.agent_name = "", .score = std::numeric_limits<double>::infinity()});
  record.add(5, broken);
  record.add(7, WorldResult{});  // no seats at all
  std::vector<std::uint32_t> seats;
  std::map<std::uint32_t, std::uint64_t> expected;
  for (const TaskIndex task : {TaskIndex{5}, TaskIndex{7}}) {
    plan.seats(plan.cell(task), seats);
    for (const std::uint32_t competitor : seats) ++expected[competitor];
  }

  const Standings standings = compute_standings(tournament, plan, record);
  CHECK(standings.coverage.done == 24);
  CHECK(standings.coverage.unusable == 4);
  CHECK_FALSE(standings.coverage.complete());
  for (const Standing& standing : standings.ranking) {
    CAPTURE(standing.name);
    CHECK(standing.unusable == expected[standing.competitor]);
    CHECK(standing.summary.count == 16 - standing.unusable);
    CHECK(standing.worlds_done == 16);
    CHECK(standing.value == standing.competitor + 1.0);
  }
}

TEST_CASE("a competitor without any usable score has no rank and comes last") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const Standings standings =
      compute_standings(tournament, plan, constant_scores(plan, {std::nan(""), -5.0, -6.0}));
  CHECK(standings.ranking[0].name == "Bob, \"the Builder\"");
  CHECK(standings.ranking[2].name == "Cid");
  CHECK(standings.ranking[2].rank == 0);
  CHECK(std::isnan(standings.ranking[2].value));
  CHECK(standings.winners().size() == 1);
}

TEST_CASE("an empty run has no winner and every world missing") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  const Standings standings = compute_standings(tournament, plan, MemoryRecord{});
  CHECK(standings.winners().empty());
  CHECK(standings.coverage.expected == 24);
  CHECK(standings.coverage.missing() == 24);
  CHECK(standings.coverage.unplayed() == 24);
  CHECK(standings.ranking.size() == 3);
  CHECK(standings.even());
}

TEST_CASE("a quarantined world is missing until a later session counts it") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  MemoryRecord record = small_record(22);
  record.given_up = {{.task = 23, .cause = Cause::crashed}, {.task = 3, .cause = Cause::stalled}};
  const Standings standings = compute_standings(tournament, plan, record);
  CHECK(standings.coverage.done == 22);
  CHECK(standings.coverage.quarantined == 1);
  CHECK(standings.coverage.missing() == 2);
  CHECK(standings.coverage.unplayed() == 1);
  CHECK_FALSE(standings.even());
}

TEST_CASE("every seat is shown by task and seat with the competitor that the plan put there") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  std::vector<std::uint32_t> seats;
  std::uint64_t seen = 0;
  const auto check = [&](const ScoredSeat& seat) {
    CAPTURE(seen);
    CHECK(seat.task == seen / 2);
    CHECK(seat.seat == seen % 2);
    plan.seats(plan.cell(seat.task), seats);
    CHECK(seat.competitor == seats[seat.seat]);
    CHECK(seat.score == small_score(seat.task, seat.seat));
    CHECK(seat.agent_name ==
          (seat.seat == 0 ? "00X@0" : tournament.setup.competitors[seat.competitor].name));
    ++seen;
  };
  compute_standings(tournament, plan, small_record(), {}, [&](const CountedWorld& world) {
    for (const ScoredSeat& seat : world.seats) check(seat);
  });
  CHECK(seen == 48);
}

TEST_CASE("a result that can not belong to the tournament is an error that names its task") {
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  MemoryRecord beyond;
  beyond.add(24, small_result(0));
  CHECK(error_of(tournament, plan, beyond).find("task 24, but the tournament has only 24") !=
        std::string::npos);

  MemoryRecord garbage;
  garbage.add_bytes(9, "no result");
  CHECK(error_of(tournament, plan, garbage).find("task 9 (9 bytes)") != std::string::npos);

  MemoryRecord crowded;
  WorldResult three = small_result(4);
  three.seats.push_back({.agent_name = "", .score = 1});
  crowded.add(4, three);
  CHECK(error_of(tournament, plan, crowded).find("task 4 ") != std::string::npos);
}

TEST_CASE("a source that gives a task twice is refused, not counted twice") {
  class Twice : public MemoryRecord {
    void for_each_result(
        const std::function<void(const journal::ResultRow&)>& visit) const override {
      MemoryRecord::for_each_result(visit);
      MemoryRecord::for_each_result(visit);
    }
  };
  const Tournament tournament = small_tournament();
  const Plan plan(tournament.shape);
  Twice record;
  record.add(6, small_result(6));
  const std::string error = error_of(tournament, plan, record);
  CAPTURE(error);
  CHECK(error.find("task 6 after that of task 6") != std::string::npos);
}

TEST_CASE("a competitor with too many strikes has no rank, and its later worlds do not count") {
  Tournament tournament = small_tournament();
  tournament.disqualify_after = 2;
  const Plan plan(tournament.shape);
  MemoryRecord record;
  std::vector<std::uint32_t> seats;
  std::vector<TaskIndex> of_the_best;  // the worlds of competitor 2
  for (TaskIndex task = 0; task < plan.worlds(); ++task) {
    plan.seats(plan.cell(task), seats);
    WorldResult result;
    for (const std::uint32_t competitor : seats) {
      result.seats.push_back({.agent_name = "", .score = 1.0 + competitor});
      if (competitor == 2) of_the_best.push_back(task);
    }
    record.add(task, result);
  }
  const TaskIndex given_up = of_the_best[3];
  const TaskIndex forfeited = of_the_best[6];
  plan.seats(plan.cell(forfeited), seats);
  WorldResult result;
  for (const std::uint32_t competitor : seats) {
    result.seats.push_back({.agent_name = "", .score = 1.0});
    if (competitor == 2) result.seats.back().forfeit = "crashed";
  }
  record.add(forfeited, result);
  MemoryRecord without;  // the same, but for the world that was given up
  record.for_each_result([&](const journal::ResultRow& row) {
    if (row.task != given_up) without.add_bytes(row.task, std::string(row.encoded));
  });
  without.given_up = {{.task = given_up, .cause = Cause::world_error}};

  StandingsOptions options;
  options.culprits = {{given_up, 2}};
  std::uint64_t visited = 0;
  const Standings standings = compute_standings(tournament, plan, without, options,
                                                [&](const CountedWorld&) { ++visited; });
  const Standing& last = standings.ranking.back();
  CHECK(last.competitor == 2);
  CHECK(last.rank == 0);
  CHECK(last.disqualified_at == forfeited);
  CHECK(last.forfeits == 1);
  CHECK(last.worlds_done == 6);
  CHECK(last.summary.max == 3.0);
  CHECK(standings.winners().front()->competitor == 1);
  CHECK(standings.coverage.voided == of_the_best.size() - 7);
  CHECK(standings.coverage.quarantined == 1);
  CHECK(standings.coverage.unplayed() == 0);
  CHECK(standings.coverage.done == visited);
  CHECK(std::isnan(standings.inference.competitors[2].interval.low));
  CHECK_FALSE(std::isnan(standings.inference.competitors[1].interval.low));
  CHECK(standings.sensitivity.missing == 0);  // what is missing can change no rank
  // with the world counted after all there is one strike only
  CHECK_FALSE(compute_standings(tournament, plan, record, options).ranking.back().disqualified_at);
}
