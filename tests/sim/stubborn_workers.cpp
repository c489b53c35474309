// Workers that do not end when they are killed.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

TEST_CASE("workers that never start and never end do not pile up without a limit") {
  PoolOptions options;
  options.start_timeout = 1s;
  sim::Driver driver(options, 4);
  driver.let_pass(1h);
  REQUIRE(driver.pool.finished());
  CHECK(driver.asked<core::Abandon>().size() == 5);
  CHECK(driver.asked<core::Finish>()[0].outcome == core::Outcome::pool_broken);
}

TEST_CASE("workers that hang and never end count as deaths") {
  PoolOptions options;
  options.world_deadline = 1min;
  options.max_deaths_without_progress = 2;
  sim::Driver driver(options, 10);
  for (Epoch epoch = 1; epoch <= 2; ++epoch) {
    CAPTURE(epoch);
    driver.turn(1ms, {core::WorkerReady{{0, epoch}}});
    driver.turn(1s, {core::Sampled{{0, epoch}, 1, 0}});
    driver.let_pass(80s);
    CHECK(driver.asked<core::Abandon>().size() == 1);
  }
  CHECK(driver.asked<core::Finish>().size() == 1);
}

TEST_CASE("an abandoned worker is fenced: its late result and its late end change nothing") {
  PoolOptions options;
  options.world_deadline = 1min;
  sim::Driver driver(options, 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give give = driver.asked<core::Give>().at(0);
  driver.turn(1s, {core::Sampled{{0, 1}, 1, 0}});
  driver.let_pass(71s);
  REQUIRE(driver.asked<core::Abandon>().size() == 1);
  driver.turn(1ms, {core::WorkerReady{{0, 2}}});
  CHECK(!driver.claim(give, 1ms, 1min));
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 1}});
  CHECK(driver.asked<core::RecordWorkerEnd>().empty());
  CHECK(driver.pool.counts().done == 0);
}

TEST_CASE("a worker that was asked politely to end is killed when the user stops the run") {
  PoolOptions options;
  options.world_deadline = 1min;
  options.terminate_grace = 10min;
  sim::Driver driver(options, 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.let_pass(61s);
  REQUIRE(driver.asked<core::Terminate>().size() == 1);
  driver.turn(1s, {core::StopAsked{core::StopLevel::now}});
  CHECK(driver.asked<core::Kill>().size() == 1);
}
