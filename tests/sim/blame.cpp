// Which world is charged when a worker is killed.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

// A pool of one worker whose first world runs past its deadline; a second waits behind it.
struct Overdue {
  Overdue() : driver(options(), 20) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    gives = driver.asked<core::Give>();
    REQUIRE(gives.size() == 2);
    driver.turn(10ms, {core::Sampled{{0, 1}, 1, 0}});
    driver.let_pass(1min);
    REQUIRE(!driver.asked<core::Kill>().empty());
  }
  static PoolOptions options() {
    PoolOptions options;
    options.world_deadline = 1min;
    return options;
  }
  sim::Driver driver;
  std::vector<core::Give> gives;
};

}  // namespace

TEST_CASE("a world past its deadline is charged, and the one behind it is played again") {
  Overdue story;
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 1}});
  const auto failures = story.driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].task == story.gives[0].task);
  CHECK(failures[0].cause == Cause::timed_out);
  story.driver.turn(1ms, {core::WorkerReady{{0, 2}}});
  const auto gives = story.driver.asked<core::Give>();
  REQUIRE(!gives.empty());
  CHECK(gives[0].task == story.gives[1].task);
  CHECK(gives[0].attempt == 1);
}

TEST_CASE("a world that began while its worker was being killed for another one is not charged") {
  Overdue story;
  REQUIRE(story.driver.claim(story.gives[0], 1ms, 1min));  // just in time after all
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 2}});
  CHECK(story.driver.asked<core::RecordFailure>().empty());
  CHECK(story.driver.pool.counts().failed_attempts == 0);
}

// A worker that plays a world, and is ended by that signal.
struct Ended {
  explicit Ended(bool is_stopping, int signal) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    driver.turn(10ms, {core::Sampled{{0, 1}, 1, 0}});
    if (is_stopping) driver.turn(1ms, {core::StopAsked{core::StopLevel::drain}});
    driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, signal}, 1}});
  }
  std::size_t charged() const { return driver.asked<core::RecordFailure>().size(); }
  sim::Driver driver{PoolOptions{}, 20};
};

TEST_CASE("a world is not charged whose worker got the SIGTERM that joust got, too") {
  CHECK(Ended(true, 15).charged() == 0);
  CHECK(Ended(true, 15).driver.pool.counts().workers_lost == 0);
  CHECK(Ended(false, 15).charged() == 1);
  CHECK(Ended(true, 11).charged() == 1);
}

TEST_CASE("a world whose worker's memory became nonsense is charged, so that it can be given up") {
  sim::Driver driver(PoolOptions{}, 20);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const auto gives = driver.asked<core::Give>();
  REQUIRE(gives.size() == 2);
  driver.turn(1ms, {core::ProtocolBroken{{0, 1}, "nonsense"}});
  const LeaseOrdinal beyond_all_given = 1000;
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, beyond_all_given}});
  const auto failures = driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].task == gives[0].task);
  CHECK(failures[0].cause == Cause::protocol_violation);
}

TEST_CASE(
    "a world under which the channel was spoilt is charged, whatever the memory says it began") {
  sim::Driver driver(PoolOptions{}, 20);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const auto gives = driver.asked<core::Give>();
  REQUIRE(gives.size() == 2);
  driver.turn(1ms, {core::ProtocolBroken{{0, 1}, "a ring position is impossible"}});
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 0}});  // it wiped the word out
  const auto failures = driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].task == gives[0].task);
  CHECK(failures[0].cause == Cause::protocol_violation);
}
