// Tries that are due, and nobody free to play them.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;
using core::Give;
using core::WorkerReady;

TEST_CASE("a try that is due while every worker is busy does not make the supervisor spin") {
  PoolOptions options;
  options.retry_backoff = 1ms;
  sim::Driver driver(options, 20);
  driver.turn(1ms, {WorkerReady{{0, 1}}});
  const auto gives = driver.asked<Give>();
  REQUIRE(gives.size() == 2);
  const Give first = gives[0];
  driver.turn(1ms, {core::AttemptFailed{first.worker, first.ordinal, first.task, first.attempt,
                                        Cause::world_error, "no", 1s}});
  // the second world still plays when the first becomes due again
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    const TimePoint next = driver.pool.next_deadline();
    REQUIRE(next > driver.now);
    driver.turn(next - driver.now);
  }
}

TEST_CASE(
    "last attempts that an earlier session left over are played by a pool with nothing else") {
  PoolOptions options;
  core::LedgerHistory history;
  history.done.insert(0);
  history.failures = {{1, 2}, {2, 1}};
  sim::Driver driver(options, 3, history);
  driver.turn(1ms, {WorkerReady{{0, 1}}});
  auto gives = driver.asked<Give>();
  REQUIRE(gives.size() == 1);
  CHECK(gives[0].task == 1);
  CHECK(gives[0].attempt == 3);
  REQUIRE(driver.claim(gives[0], 1ms, 1ms));
  gives = driver.asked<Give>();
  REQUIRE(gives.size() == 1);
  CHECK(gives[0].task == 2);
  CHECK(gives[0].attempt == 2);
}
