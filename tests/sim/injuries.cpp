// Workers that joust hurts itself (--chaos): nobody else is to blame.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

// A pool of one worker that plays its first world.
struct Playing {
  explicit Playing(const PoolOptions& options = {}) : driver(options, 20) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    gives = driver.asked<core::Give>();
    REQUIRE(gives.size() == 2);
    driver.turn(10ms, {core::Sampled{{0, 1}, 1, 0}});
  }
  sim::Driver driver;
  std::vector<core::Give> gives;
};

}  // namespace

TEST_CASE("a world whose worker was injured is played again at no charge") {
  Playing story;
  story.driver.turn(1ms, {core::Injured{{0, 1}}, core::WorkerGone{{0, 1}, {true, 9}, 1}});
  CHECK(story.driver.asked<core::RecordFailure>().empty());
  const auto ends = story.driver.asked<core::RecordWorkerEnd>();
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].lost);
  CHECK(ends[0].cause == Cause::cancelled);
  CHECK(ends[0].detail == "injured by --chaos (SIGKILL)");
  story.driver.turn(1ms, {core::WorkerReady{{0, 2}}});
  const auto gives = story.driver.asked<core::Give>();
  REQUIRE(!gives.empty());
  CHECK(gives[0].task == story.gives[0].task);
  CHECK(gives[0].attempt == 1);
}

TEST_CASE("an injured worker that crashes by itself is charged as any other") {
  Playing story;
  story.driver.turn(1ms, {core::Injured{{0, 1}}, core::WorkerGone{{0, 1}, {true, 11}, 1}});
  const auto failures = story.driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].cause == Cause::crashed);
}

TEST_CASE("a worker that was stopped is found frozen, and its world is not charged") {
  Playing story;
  story.driver.turn(1ms, {core::Injured{{0, 1}}});
  // nothing but the looks at the process tell
  for (int look = 0; look < 100 && story.driver.asked<core::Kill>().empty(); ++look) {
    story.driver.turn(200ms, {core::Inspected{{0, 1}, core::ProcessState::stopped, 0ms}});
  }
  const auto kills = story.driver.asked<core::Kill>();
  REQUIRE(kills.size() == 1);
  CHECK(kills[0].cause == Cause::frozen);
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 1}});
  CHECK(story.driver.asked<core::RecordFailure>().empty());
  CHECK(story.driver.asked<core::RecordWorkerEnd>()[0].detail == "injured by --chaos (SIGSTOP)");
}

TEST_CASE(
    "a worker that was stopped and that not even SIGKILL ends is given up, nobody is charged") {
  PoolOptions options;
  options.world_deadline = 1min;
  options.max_deaths_without_progress = 1;
  Playing story(options);
  story.driver.turn(1ms, {core::Injured{{0, 1}}});
  story.driver.let_pass(80s);
  CHECK(story.driver.asked<core::Abandon>().size() == 1);
  CHECK(story.driver.asked<core::RecordFailure>().empty());
  CHECK(story.driver.asked<core::Finish>().empty());
  const auto ends = story.driver.asked<core::RecordWorkerEnd>();
  REQUIRE(ends.size() == 1);
  CHECK(ends[0].cause == Cause::cancelled);
  CHECK(ends[0].detail.starts_with("injured by --chaos (SIGSTOP)"));
}

TEST_CASE("injuries never look like a pool that cannot work") {
  PoolOptions options;
  options.max_deaths_without_progress = 3;
  Playing story(options);
  for (Epoch epoch = 1; epoch <= 50; ++epoch) {
    story.driver.turn(1ms, {core::Injured{{0, epoch}}, core::WorkerGone{{0, epoch}, {true, 9}, 1}});
    CHECK(story.driver.asked<core::Finish>().empty());
    story.driver.turn(1ms, {core::WorkerReady{{0, epoch + 1}}});
    REQUIRE(!story.driver.asked<core::Give>().empty());
  }
}
