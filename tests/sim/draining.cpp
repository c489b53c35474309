// Workers that are asked to stop.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

// A pool of one worker that holds two leases when the user asks for the end.
struct Interrupted {
  Interrupted() : driver(options(), 20) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    gives = driver.asked<core::Give>();
    REQUIRE(gives.size() == 2);
    driver.turn(1ms, {core::StopAsked{core::StopLevel::drain}});
    REQUIRE(driver.asked<core::AskToStop>().size() == 1);
  }
  static PoolOptions options() {
    PoolOptions options;
    options.world_deadline = 10min;
    return options;
  }
  sim::Driver driver;
  std::vector<core::Give> gives;
};

}  // namespace

TEST_CASE("a world that began just before its worker was asked to stop may finish") {
  Interrupted story;
  // the first result was on its way, and the second world had begun behind it
  REQUIRE(story.driver.claim(story.gives[0], 1ms, 1s));
  story.driver.turn(1s, {core::Sampled{{0, 1}, 2, 0}});
  story.driver.let_pass(9min);
  CHECK(story.driver.pool.counts().failed_attempts == 0);
  CHECK(story.driver.claim(story.gives[1], 1s, 9min));
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {}, 2}});
  CHECK(story.driver.pool.counts().failed_attempts == 0);
}

TEST_CASE("a world that hangs while its worker is asked to stop is timed out in the end") {
  Interrupted story;
  story.driver.turn(1s, {core::Sampled{{0, 1}, 1, 0}});
  story.driver.let_pass(10min);
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 1}});
  const auto failures = story.driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].cause == Cause::timed_out);
}

TEST_CASE("a worker that plays nothing and does not stop is killed, and nothing is charged") {
  Interrupted story;
  REQUIRE(story.driver.claim(story.gives[0], 1ms, 1s));
  REQUIRE(story.driver.claim(story.gives[1], 1ms, 1s));
  story.driver.turn(5100ms);
  const auto kills = story.driver.asked<core::Kill>();
  REQUIRE(kills.size() == 1);
  CHECK(kills[0].cause == Cause::cancelled);
}
