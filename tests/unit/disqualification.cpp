// Who is out, and which worlds are void, is the same in whatever order the strikes come to be
// known.

#include "common/disqualification.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "runner/core/ledger.hpp"

using namespace joust;
using Change = Disqualification::Change;

namespace {

// Five competitors in pairs: 10 sets, 40 worlds.
const Plan& plan() {
  static const Plan kPlan(
      PlanShape{.competitors = 5, .per_world = 2, .configs = 2, .runs = 1, .seed = 3});
  return kPlan;
}

std::vector<std::uint32_t> seats_of(TaskIndex task) {
  std::vector<std::uint32_t> seats;
  plan().seats(plan().cell(task), seats);
  return seats;
}

bool sits_in(TaskIndex task, std::uint32_t competitor) {
  const auto seats = seats_of(task);
  return std::find(seats.begin(), seats.end(), competitor) != seats.end();
}

// A world is lost to the first of its seats that is among the clumsy ones, in some of the worlds.
std::optional<std::uint32_t> lost_by(TaskIndex task, unsigned story) {
  const auto seats = seats_of(task);
  for (std::uint32_t seat = 0; seat < seats.size(); ++seat) {
    if (seats[seat] <= story % 4 && (task * 7 + story) % 3 != 0) return seat;
  }
  return std::nullopt;
}

// The rule as its definition reads, one world after the other.
std::set<TaskIndex> counted_in_order(std::uint32_t after, unsigned story) {
  std::set<TaskIndex> counted;
  std::map<std::uint32_t, std::uint32_t> strikes;
  for (TaskIndex task = 0; task < plan().worlds(); ++task) {
    const auto seats = seats_of(task);
    const bool is_void = std::any_of(seats.begin(), seats.end(), [&](std::uint32_t competitor) {
      return strikes[competitor] >= after;
    });
    if (is_void) continue;
    counted.insert(task);
    if (const auto seat = lost_by(task, story)) ++strikes[seats[*seat]];
  }
  return counted;
}

}  // namespace

TEST_CASE("the N-th strike puts a competitor out of all later worlds, and of none before") {
  std::vector<TaskIndex> worlds;
  for (TaskIndex task = 0; task < plan().worlds(); ++task) {
    if (sits_in(task, 2)) worlds.push_back(task);
  }
  Disqualification rule(plan(), 2);
  CHECK(rule.strike(worlds[3], 2) == Change::none);
  CHECK(rule.strike(worlds[3], 2) == Change::none);  // known already
  CHECK(rule.out().empty());
  CHECK(rule.strike(worlds[6], 2) == Change::more);
  CHECK(rule.out() == std::map<std::uint32_t, TaskIndex>{{2, worlds[6]}});
  for (TaskIndex task = 0; task < plan().worlds(); ++task) {
    CAPTURE(task);
    CHECK(rule.void_for(task).has_value() == (task > worlds[6] && sits_in(task, 2)));
  }
  CHECK(rule.count_void() == worlds.size() - 7);
  CHECK(rule.strike(worlds[1], 2) == Change::more);  // an earlier world ends later
  CHECK(rule.out().at(2) == worlds[3]);
}

TEST_CASE("a strike in a void world counts for nothing, also when it was known first") {
  TaskIndex both = 0;  // a world in which 0 and 1 meet, late enough
  for (TaskIndex task = 0; task < plan().worlds(); ++task) {
    if (sits_in(task, 0) && sits_in(task, 1)) both = task;
  }
  TaskIndex before = both;
  while (!sits_in(--before, 0)) {
  }
  Disqualification rule(plan(), 1);
  CHECK(rule.strike(both, 1) == Change::more);
  CHECK(rule.out().contains(1));
  CHECK(rule.strike(before, 0) == Change::other);
  CHECK(rule.out() == std::map<std::uint32_t, TaskIndex>{{0, before}});
  CHECK(rule.void_for(both) == 0U);
}

TEST_CASE("whatever order a pool plays the worlds in, the same ones count") {
  std::size_t disqualified = 0;
  std::size_t played_in_vain = 0;
  for (unsigned story = 0; story < 300; ++story) {
    CAPTURE(story);
    const std::uint32_t after = 1 + story % 5;
    const std::set<TaskIndex> expected = counted_in_order(after, story);
    std::minstd_rand luck(story + 1);
    core::LedgerHistory history;
    history.disqualification.emplace(plan(), after);
    core::Ledger ledger({plan().worlds(), 3, Duration(0)}, std::move(history));
    const TimePoint now = TimePoint{} + std::chrono::hours(1);
    std::vector<core::Pick> in_play;
    std::set<TaskIndex> done;
    Disqualification rule(plan(), after);
    for (int turns = 0; !ledger.complete(); ++turns) {
      REQUIRE(turns < 10'000);
      const std::size_t most = 1 + luck() % 8;
      while (in_play.size() < most) {
        const auto pick = ledger.next(now, true);
        if (!pick) break;
        CHECK_FALSE(rule.void_for(pick->task));
        in_play.push_back(*pick);
      }
      if (in_play.empty()) continue;
      const auto ended = in_play.begin() + static_cast<std::ptrdiff_t>(luck() % in_play.size());
      const core::Pick pick = *ended;
      in_play.erase(ended);
      if (luck() % 4 == 0) {
        ledger.give_back(pick);
        continue;
      }
      const auto seat = lost_by(pick.task, story);
      // a world that is lost ends with a forfeit, or fails at every attempt
      if (seat && pick.task % 2 == 0) {
        // a worker that is killed accuses nobody, and clears nobody
        const bool is_killed = pick.attempt > 1 && luck() % 2 == 0;
        const auto named = is_killed ? std::nullopt : seat;
        if (!ledger.fail({pick.task, pick.attempt, named}, now)) continue;
        CHECK(ledger.take_culprit(pick.task) == seat);
      } else {
        ledger.finish(pick.task);
      }
      done.insert(pick.task);
      if (!seat) continue;
      ledger.strike(pick.task, *seat);
      rule.strike_seat(pick.task, *seat);
    }
    std::set<TaskIndex> counted;
    for (const TaskIndex task : done) {
      if (!rule.void_for(task)) counted.insert(task);
    }
    CHECK(counted == expected);
    CHECK(ledger.pending() == 0);
    CHECK(ledger.voided() + done.size() == plan().worlds());
    CHECK(ledger.out() == rule.out());
    disqualified += rule.out().size();
    played_in_vain += done.size() - counted.size();
  }
  CHECK(disqualified > 300);
  CHECK(played_in_vain > 100);
}

TEST_CASE("a run ends when too few competitors are left for a world") {
  core::LedgerHistory history;
  history.disqualification.emplace(plan(), 1);
  core::Ledger ledger({plan().worlds(), 1, Duration(0)}, std::move(history));
  const TimePoint now = TimePoint{} + std::chrono::hours(1);
  std::uint64_t played = 0;
  while (const auto pick = ledger.next(now, true)) {
    ledger.finish(pick->task);
    ledger.strike(pick->task, 0);
    ++played;
  }
  CHECK(played == 4);
  CHECK(ledger.complete());
  CHECK(ledger.voided() == plan().worlds() - 4);
}
