// What a worker says, and what is believed.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

struct Playing {
  Playing() : driver({}, 20) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    gives = driver.asked<core::Give>();
    REQUIRE(gives.size() == 2);
  }
  std::vector<core::Kill> kills() const { return driver.asked<core::Kill>(); }
  sim::Driver driver;
  std::vector<core::Give> gives;
};

}  // namespace

TEST_CASE("a claim that differs from the lease in anything is refused, and its worker killed") {
  Playing story;
  core::Give claim = story.gives[0];
  SUBCASE("another lease") { claim.ordinal = 2; }
  SUBCASE("another task") { claim.task = 1; }
  SUBCASE("another attempt") { claim.attempt = 2; }
  SUBCASE("the next lease before its turn") { claim = story.gives[1]; }
  CHECK(!story.driver.claim(claim, 1ms, 1ms));
  REQUIRE(story.kills().size() == 1);
  CHECK(story.kills()[0].cause == Cause::protocol_violation);
  CHECK(story.driver.pool.counts().done == 0);
}

TEST_CASE("a failure that differs from the lease in anything kills its worker") {
  Playing story;
  core::AttemptFailed failed{{0, 1}, 1, 0, 1, Cause::world_error, "no", 1ms};
  SUBCASE("another lease") { failed.ordinal = 2; }
  SUBCASE("another task") { failed.task = 1; }
  SUBCASE("another attempt") { failed.attempt = 2; }
  story.driver.turn(1ms, {failed});
  REQUIRE(story.kills().size() == 1);
  CHECK(story.kills()[0].cause == Cause::protocol_violation);
  CHECK(story.driver.asked<core::RecordFailure>().empty());
}

TEST_CASE("a worker of another epoch or of no slot at all is nobody") {
  Playing story;
  core::Give claim = story.gives[0];
  SUBCASE("another epoch") { claim.worker.epoch = 2; }
  SUBCASE("no slot") { claim.worker.slot = 7; }
  CHECK(!story.driver.claim(claim, 1ms, 1ms));
  CHECK(story.kills().empty());
}

TEST_CASE(
    "a worker that dies costs the world it played, and no other that it claims to have begun") {
  Playing story;
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 11}, 2}});
  const auto failures = story.driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].task == story.gives[0].task);
  CHECK(failures[0].detail == "signal 11 (SIGSEGV)");
}

TEST_CASE(
    "a worker that claims to have begun more than it was given is not believed while it lives") {
  Playing story;
  story.driver.turn(1ms, {core::Sampled{{0, 1}, UINT32_MAX, 1}});
  CHECK(story.driver.asked<core::RecordFailure>().empty());
  CHECK(story.driver.asked<core::Kill>().empty());
}

TEST_CASE("when a dead worker's memory is nonsense, the world in front is charged, and no other") {
  Playing story;
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 11}, UINT32_MAX}});
  const auto failures = story.driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].task == story.gives[0].task);
}

TEST_CASE("a worker that dies before it begins is replaced, and its world goes to the next") {
  Playing story;
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {false, 1}, 0}});
  CHECK(story.driver.asked<core::RecordFailure>().empty());
  CHECK(story.driver.asked<core::Spawn>().size() == 1);
  story.driver.turn(1ms, {core::WorkerReady{{0, 2}}});
  const auto gives = story.driver.asked<core::Give>();
  REQUIRE(gives.size() == 2);
  CHECK(gives[0].task == 0);
  CHECK(gives[0].attempt == 1);
}

TEST_CASE("a beat of another lease is not credited to the one in front") {
  Playing story;
  story.driver.turn(1ms, {core::Sampled{{0, 1}, 2, 5}});
  const core::Worker* worker = core::live_worker(story.driver.pool.slots()[0]);
  REQUIRE(worker != nullptr);
  CHECK(worker->watch.beats == 0);
}
