// The post-mortem of a worker that is stuck: its stacks are taken before it is ended.

#include <doctest/doctest.h>

#include "tests/support/sim_driver.hpp"

namespace joust::sim {
namespace {

using namespace std::chrono_literals;

struct Stuck {
  explicit Stuck(PoolOptions options = one_worker()) : driver(options, 1) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    driver.turn(1ms, {core::Sampled{{0, 1}, 1, 0}});
  }
  static PoolOptions one_worker() {
    PoolOptions options;
    options.workers = 1;
    options.world_deadline = 10s;
    return options;
  }
  Driver driver;
};

TEST_CASE("the stacks of a worker past its deadline are taken, and only then it is killed") {
  Stuck story;
  story.driver.stacks_at_once = false;
  story.driver.let_pass(10s);
  const auto wanted = story.driver.asked<core::TakeStacks>();
  REQUIRE(wanted.size() == 1);
  CHECK(wanted[0].task == 0);
  CHECK(wanted[0].attempt == 1);
  CHECK(story.driver.asked<core::Kill>().empty());
  story.driver.turn(5ms, {core::StacksTaken{{0, 1}}});
  CHECK(story.driver.asked<core::Kill>().size() == 1);
  story.driver.turn(1ms, {core::StacksTaken{{0, 1}}});  // said twice
  CHECK(story.driver.asked<core::Kill>().empty());
}

TEST_CASE("a taking of stacks that hangs is given up, and the worker killed") {
  Stuck story;
  story.driver.stacks_at_once = false;
  story.driver.let_pass(10s);
  REQUIRE(story.driver.asked<core::TakeStacks>().size() == 1);
  story.driver.let_pass(2900ms);
  CHECK(story.driver.asked<core::Kill>().empty());
  story.driver.let_pass(200ms);
  CHECK(story.driver.asked<core::Kill>().size() == 1);
}

TEST_CASE(
    "after the stacks a world that wants a warning gets one, and is killed when that is over") {
  PoolOptions options = Stuck::one_worker();
  options.terminate_grace = 1s;
  Stuck story(options);
  story.driver.let_pass(10s);
  CHECK(story.driver.asked<core::TakeStacks>().size() == 1);
  CHECK(story.driver.asked<core::Terminate>().size() == 1);
  CHECK(story.driver.asked<core::Kill>().empty());
  story.driver.let_pass(1s);
  CHECK(story.driver.asked<core::Kill>().size() == 1);
}

TEST_CASE("a worker that ends while its stacks are taken is charged for what it was to end for") {
  Stuck story;
  story.driver.stacks_at_once = false;
  story.driver.let_pass(10s);
  story.driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 11}, 1}});
  const auto failures = story.driver.asked<core::RecordFailure>();
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].cause == Cause::timed_out);
}

TEST_CASE("the user who stops the run does not wait for stacks") {
  Stuck story;
  story.driver.stacks_at_once = false;
  story.driver.let_pass(10s);
  story.driver.turn(1ms, {core::StopAsked{core::StopLevel::now}});
  CHECK(story.driver.asked<core::Kill>().size() == 1);
}

TEST_CASE("nobody examines a worker that joust itself has hurt") {
  Stuck story;
  story.driver.turn(1ms, {core::Injured{{0, 1}}});
  story.driver.let_pass(10s);
  CHECK(story.driver.asked<core::TakeStacks>().empty());
  CHECK(story.driver.asked<core::Kill>().size() == 1);
}

}  // namespace
}  // namespace joust::sim
