// Workers that die and die: when the run ends, and when it does not.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

PoolOptions options() {
  PoolOptions options;
  options.max_deaths_without_progress = 3;
  options.retry_backoff = 0s;
  return options;
}

// The worker of this epoch becomes ready and dies without having begun anything.
void live_and_die(sim::Driver& driver, Epoch epoch) {
  driver.turn(1ms, {core::WorkerReady{{0, epoch}}});
  driver.turn(1ms, {core::WorkerGone{{0, epoch}, {true, 11}, 0}});
}

}  // namespace

TEST_CASE("workers that die and finish nothing in between end the run with a diagnosis") {
  sim::Driver driver(options(), 10);
  live_and_die(driver, 1);
  live_and_die(driver, 2);
  CHECK(!driver.pool.finished());
  live_and_die(driver, 3);
  const auto finishes = driver.asked<core::Finish>();
  REQUIRE(finishes.size() == 1);
  CHECK(finishes[0].outcome == core::Outcome::pool_broken);
  CHECK(finishes[0].reason.find("SIGSEGV") != std::string::npos);
  CHECK(driver.pool.counts().workers_started == 3);
  CHECK(driver.pool.counts().workers_lost == 3);
}

TEST_CASE("a world that finishes, or fails by itself, shows that the pool works") {
  sim::Driver driver(options(), 10);
  live_and_die(driver, 1);
  live_and_die(driver, 2);
  driver.turn(1ms, {core::WorkerReady{{0, 3}}});
  const core::Give give = driver.asked<core::Give>().at(0);
  SUBCASE("it finishes") { REQUIRE(driver.claim(give, 1ms, 1ms)); }
  SUBCASE("it fails") {
    driver.turn(1ms, {core::AttemptFailed{give.worker, give.ordinal, give.task, give.attempt,
                                          Cause::world_error, "no", 1ms}});
    CHECK(driver.pool.counts().failed_attempts == 1);
  }
  driver.turn(1ms, {core::WorkerGone{{0, 3}, {true, 11}, 1}});
  live_and_die(driver, 4);
  CHECK(!driver.pool.finished());
}

TEST_CASE("a worker that cannot build the world ends the run with the reason it gave") {
  sim::Driver driver({}, 10);
  driver.turn(1ms, {core::WorkerNotReady{{0, 1}, "no world 'chess'"}});
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {false, 1}, 0}});
  const auto finishes = driver.asked<core::Finish>();
  REQUIRE(finishes.size() == 1);
  CHECK(finishes[0].outcome == core::Outcome::pool_broken);
  CHECK(finishes[0].reason.find("no world 'chess'") != std::string::npos);
}
