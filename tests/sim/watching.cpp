// Who is late, and who only looks late.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;
using core::ProcessState;

namespace {

// One worker that plays a world and has reported progress once.
struct Watched {
  explicit Watched(const PoolOptions& options = {}) : driver(options, 20) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    REQUIRE(driver.asked<core::Give>().size() == 2);
    beat(1ms);
  }
  void beat(Duration later) { driver.turn(later, {core::Sampled{{0, 1}, 1, ++beats}}); }
  // Looks at the worker each second, for as long as `time`; whether it was killed.
  bool look_for(Duration time, ProcessState state, Duration cpu_each_second) {
    for (Duration passed{0}; passed < time; passed += 1s) {
      cpu += cpu_each_second;
      driver.turn(1s, {core::Sampled{{0, 1}, 1, beats}, core::Inspected{{0, 1}, state, cpu}});
      const auto kills = driver.asked<core::Kill>();
      if (kills.empty()) continue;
      cause = kills[0].cause;
      return true;
    }
    return false;
  }
  sim::Driver driver;
  std::uint32_t beats = 0;
  Duration cpu{0};
  Cause cause = Cause::cancelled;
};

}  // namespace

TEST_CASE("a world that stops reporting progress is stalled after its time, and not before") {
  Watched story;
  auto state = ProcessState::sleeping;
  Duration cpu{0};
  SUBCASE("blocked") {}
  SUBCASE("spinning") {
    state = ProcessState::running;
    cpu = 1s;
  }
  SUBCASE("in the kernel") { state = ProcessState::in_kernel; }
  CHECK(!story.look_for(58s, state, cpu));
  CHECK(story.look_for(4s, state, cpu));
  CHECK(story.cause == Cause::stalled);
}

TEST_CASE("a world that reports progress is never stalled") {
  Watched story;
  for (int minute = 0; minute < 13; ++minute) {
    CHECK(!story.look_for(50s, ProcessState::sleeping, 0s));
    story.beat(1s);
  }
}

TEST_CASE("a world that is runnable and gets no processor is given another period") {
  Watched story;
  CHECK(!story.look_for(10min, ProcessState::running, 0s));
}

TEST_CASE("one look is not enough to tell who uses the processor") {
  Watched story;
  story.driver.turn(70s, {core::Sampled{{0, 1}, 1, 2}});
  CHECK(!story.look_for(1s, ProcessState::running, 1s));
}

TEST_CASE("a stopped worker is frozen after its time, and not before") {
  Watched story;
  CHECK(!story.look_for(5s, ProcessState::stopped, 0s));
  CHECK(story.look_for(2s, ProcessState::stopped, 0s));
  CHECK(story.cause == Cause::frozen);
}

TEST_CASE("a worker that was stopped and continued begins anew") {
  Watched story;
  for (int round = 0; round < 5; ++round) {
    CHECK(!story.look_for(4s, ProcessState::stopped, 0s));
    CHECK(!story.look_for(2s, ProcessState::running, 1s));
  }
}

TEST_CASE("the time that a worker was stopped does not make its world look stalled") {
  PoolOptions options;
  options.stall_timeout = 4s;
  options.frozen_timeout = 10s;
  Watched story(options);
  CHECK(!story.look_for(6s, ProcessState::stopped, 0s));
  CHECK(!story.look_for(3s, ProcessState::running, 1s));
  CHECK(story.look_for(2s, ProcessState::running, 1s));
  CHECK(story.cause == Cause::stalled);
}

TEST_CASE("each world has its deadline from when it comes to the front") {
  PoolOptions options;
  options.world_deadline = 1min;
  sim::Driver driver(options, 20);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const auto gives = driver.asked<core::Give>();
  driver.let_pass(50s);
  REQUIRE(driver.claim(gives.at(0), 1ms, 50s));
  driver.let_pass(55s);
  CHECK(driver.asked<core::Kill>().empty());
  driver.let_pass(6s);
  CHECK(driver.asked<core::Kill>().size() == 1);
}

TEST_CASE("retries that wait for later still wait after the supervisor slept") {
  PoolOptions options;
  options.workers = 2;
  options.retry_backoff = 10s;
  sim::Driver driver(options, 2);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}, core::WorkerReady{{1, 1}}});
  const auto gives = driver.asked<core::Give>();
  REQUIRE(gives.size() == 2);
  for (const core::Give& give : gives) {
    driver.let_pass(4s);
    driver.turn(1ms, {core::AttemptFailed{give.worker, give.ordinal, give.task, give.attempt,
                                          Cause::world_error, "no", 1ms}});
  }
  CHECK(driver.pool.next_deadline() < driver.now + 7s);
  driver.turn(1h);
  const auto again = driver.asked<core::Give>();
  REQUIRE(again.size() == 1);
  CHECK(again[0].task == gives[0].task);
  driver.let_pass(5s);
  CHECK(driver.asked<core::Give>().size() == 1);
}

TEST_CASE("the run's own deadline ends it, and every worker with it") {
  PoolOptions options;
  options.total_deadline = 1h;
  options.world_deadline = 10h;
  sim::Driver driver(options, 20);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.let_pass(59min);
  CHECK(driver.asked<core::Kill>().empty());
  driver.let_pass(1min);
  REQUIRE(driver.asked<core::Kill>().size() == 1);
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 1}});
  CHECK(driver.asked<core::RecordFailure>().empty());
  REQUIRE(driver.asked<core::Finish>().size() == 1);
  CHECK(driver.asked<core::Finish>()[0].outcome == core::Outcome::deadline);
}
