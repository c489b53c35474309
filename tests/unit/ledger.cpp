#include "runner/core/ledger.hpp"

#include <doctest/doctest.h>

using namespace joust;
using namespace std::chrono_literals;
using core::Ledger;
using core::LedgerHistory;
using core::Pick;

namespace {

constexpr TimePoint kStart = TimePoint{} + 1h;

Pick taken(Ledger& ledger, TimePoint now, bool may_be_alone = false) {
  const auto pick = ledger.next(now, may_be_alone);
  REQUIRE(pick);
  return *pick;
}

}  // namespace

TEST_CASE("tasks come out in order, once each, and those of earlier sessions never") {
  LedgerHistory history;
  history.done.insert(0);
  history.done.insert(2);
  history.quarantined.insert(3);
  Ledger ledger({6, 3, 0s}, std::move(history));
  CHECK(ledger.pending() == 3);
  for (const TaskIndex task : {TaskIndex{1}, TaskIndex{4}, TaskIndex{5}}) {
    const Pick pick = taken(ledger, kStart);
    CHECK(pick.task == task);
    CHECK(pick.attempt == 1);
    CHECK(!pick.alone);
  }
  CHECK(!ledger.next(kStart, true));
  CHECK(ledger.leased() == 3);
  CHECK(ledger.pending() == 0);
  CHECK(!ledger.complete());
}

TEST_CASE("of a shard only its own tasks come out, in order, and none of earlier sessions") {
  const Shard shard{2, 4};
  constexpr std::uint64_t kTasks = 6;
  LedgerHistory history;
  history.shard = shard;
  history.done.insert(0);  // positions
  history.quarantined.insert(2);
  history.failures[shard.task(3)] = 1;
  Ledger ledger({kTasks, 3, 0s}, std::move(history));
  CHECK(ledger.pending() == 4);
  CHECK(taken(ledger, kStart).task == shard.task(3));  // left over, so first
  for (const std::uint64_t position : {1U, 4U, 5U}) {
    CHECK(taken(ledger, kStart).task == shard.task(position));
  }
  CHECK(!ledger.next(kStart, true));
  CHECK(ledger.finish(shard.task(1)));
  CHECK(ledger.done() == 2);
  ledger.give_back({shard.task(4), 1});
  CHECK(taken(ledger, kStart).task == shard.task(4));
  CHECK(ledger.fail({shard.task(3), 3}, kStart));
  CHECK(ledger.quarantined() == 2);
  CHECK(ledger.finish(shard.task(4)));
  CHECK(ledger.finish(shard.task(5)));
  CHECK(ledger.complete());
}

TEST_CASE("what is given back comes out first, with the same attempt") {
  Ledger ledger({10, 3, 0s}, {});
  const Pick first = taken(ledger, kStart);
  const Pick second = taken(ledger, kStart);
  ledger.give_back(first);
  ledger.give_back(second);
  CHECK(ledger.leased() == 0);
  CHECK(taken(ledger, kStart).task == first.task);
  const Pick again = taken(ledger, kStart);
  CHECK(again.task == second.task);
  CHECK(again.attempt == 1);
  CHECK(taken(ledger, kStart).task == 2);
}

TEST_CASE(
    "a failed task waits twice as long before each further attempt, and is given up at the last") {
  Ledger ledger({1, 4, 100ms}, {});
  TimePoint now = kStart;
  const Duration waits[] = {100ms, 200ms, 400ms};
  for (AttemptNumber attempt = 1; attempt <= 3; ++attempt) {
    CAPTURE(attempt);
    const Pick pick = taken(ledger, now, true);
    CHECK(pick.attempt == attempt);
    CHECK(!pick.alone);
    CHECK(!ledger.fail({0, attempt}, now));
    const TimePoint due = now + waits[attempt - 1];
    CHECK(ledger.next_due(now) == due);
    CHECK(!ledger.next(due - 1ns, true));
    now = due;
  }
  CHECK(!ledger.next(now, false));
  CHECK(ledger.alone_is_due(now));
  const Pick last = taken(ledger, now, true);
  CHECK(last.attempt == 4);
  CHECK(last.alone);
  CHECK(ledger.fail({0, 4}, now));
  CHECK(ledger.quarantined() == 1);
  CHECK(ledger.complete());
  CHECK(ledger.next_due(now) == kNever);
}

TEST_CASE("waiting times move with the supervisor's sleep") {
  Ledger ledger({2, 2, 1s}, {});
  taken(ledger, kStart);
  taken(ledger, kStart);
  ledger.fail({0, 1}, kStart);
  ledger.shift(1h);
  CHECK(ledger.next_due(kStart) == kStart + 1h + 1s);
}

TEST_CASE("failures of earlier sessions count, and their tasks come out once") {
  LedgerHistory history;
  history.failures = {{1, 1}, {3, 2}};
  Ledger ledger({4, 3, 1s}, std::move(history));
  const Pick last = taken(ledger, kStart, true);
  CHECK(last.task == 3);
  CHECK(last.attempt == 3);
  CHECK(last.alone);
  const Pick second = taken(ledger, kStart);
  CHECK(second.task == 1);
  CHECK(second.attempt == 2);
  CHECK(ledger.finish(1));
  CHECK(taken(ledger, kStart).task == 0);
  CHECK(taken(ledger, kStart).task == 2);
  CHECK(!ledger.next(kStart, true));
}

TEST_CASE("a finished task can not be finished again") {
  Ledger ledger({2, 3, 0s}, {});
  taken(ledger, kStart);
  taken(ledger, kStart);
  CHECK(ledger.finish(0));
  CHECK(!ledger.finish(0));
}
