// A journal that commits late, or never.

#include <doctest/doctest.h>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

core::Outcome outcome(const sim::Driver& driver) {
  const auto finishes = driver.asked<core::Finish>();
  REQUIRE(finishes.size() == 1);
  return finishes[0].outcome;
}

// A pool of one worker that has played the only world; the result is not committed.
struct Played {
  Played() : driver({}, 1) {
    driver.turn(1ms, {core::WorkerReady{{0, 1}}});
    const auto gives = driver.asked<core::Give>();
    REQUIRE(gives.size() == 1);
    REQUIRE(driver.claim(gives[0], 1ms, 1ms));
    driver.turn(1ms, {core::WorkerGone{{0, 1}, {}, 1}});
    REQUIRE(!driver.pool.finished());
  }
  sim::Driver driver;
};

}  // namespace

TEST_CASE("the run ends when its last result is committed, and not before") {
  Played story;
  story.driver.let_pass(1min);
  CHECK(!story.driver.pool.finished());
  story.driver.turn(1ms, {core::Committed{1, 0}});
  CHECK(outcome(story.driver) == core::Outcome::finished);
}

TEST_CASE("a commit that never comes ends the run with a journal error") {
  Played story;
  REQUIRE(story.driver.pool.next_deadline() != kNever);
  story.driver.let_pass(3min);
  CHECK(outcome(story.driver) == core::Outcome::journal_error);
  CHECK(story.driver.pool.next_deadline() == kNever);
}

TEST_CASE("a supervisor that slept during a stall does not blame the journal") {
  sim::Driver driver({}, 4);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {core::JournalStalled{true}});
  driver.turn(1h);
  CHECK(driver.asked<core::Kill>().empty());
  driver.turn(1ms, {core::JournalStalled{false}});
  CHECK(driver.pool.stopping() == core::StopLevel::none);
}

TEST_CASE("a stall that does not end gives the journal up") {
  sim::Driver driver({}, 4);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {core::JournalStalled{true}});
  driver.let_pass(3min);
  CHECK(driver.asked<core::Kill>().size() == 1);
}

TEST_CASE("a journal that breaks while the run ends for another reason ends it all the same") {
  PoolOptions options;
  options.total_deadline = 1s;
  sim::Driver driver(options, 4);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const auto gives = driver.asked<core::Give>();
  REQUIRE(!gives.empty());
  REQUIRE(driver.claim(gives[0], 1ms, 1ms));
  driver.let_pass(1s);  // the total deadline
  driver.turn(1ms, {core::JournalBroken{"the disk is full", true}});
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 1}});
  CHECK(outcome(driver) == core::Outcome::journal_error);
}

TEST_CASE("nothing is given and nobody is judged while the journal is stalled") {
  PoolOptions options;
  options.world_deadline = 10s;
  sim::Driver driver(options, 20);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const auto gives = driver.asked<core::Give>();
  REQUIRE(gives.size() == 2);
  driver.turn(1ms, {core::JournalStalled{true}});
  driver.turn(100ms);
  REQUIRE(driver.claim(gives[0], 1ms, 1ms));  // the last words of a stall's begin
  CHECK(driver.asked<core::Give>().empty());
  driver.let_pass(1min);
  CHECK(driver.asked<core::Kill>().empty());
  driver.turn(1ms, {core::JournalStalled{false}});
  CHECK(driver.asked<core::Kill>().empty());
  CHECK(driver.asked<core::Give>().size() >= 1);
  driver.let_pass(9s);
  CHECK(driver.asked<core::Kill>().empty());
}

TEST_CASE("a world that is given up is waited for until that is committed") {
  PoolOptions options;
  options.attempts = 1;
  sim::Driver driver(options, 1);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 11}, 1}});
  CHECK(driver.asked<core::RecordQuarantine>().size() == 1);
  CHECK(!driver.pool.finished());
  driver.turn(1ms, {core::Committed{0, 1}});
  CHECK(outcome(driver) == core::Outcome::finished);
}

TEST_CASE("a world that hangs is noticed in its time after a stall, however long that was") {
  PoolOptions options;
  options.stall_timeout = 10s;
  options.world_deadline = 1h;
  sim::Driver driver(options, 4);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {core::JournalStalled{true}});
  driver.let_pass(90s);
  driver.turn(1ms, {core::Sampled{{0, 1}, 1, 7}});
  driver.turn(1ms, {core::JournalStalled{false}});
  for (int second = 0; second < 14 && driver.asked<core::Kill>().empty(); ++second) {
    driver.let_pass(1s);
    driver.turn(0s, {core::Inspected{{0, 1}, core::ProcessState::sleeping, 0s}});
  }
  REQUIRE(driver.asked<core::Kill>().size() == 1);
  CHECK(driver.asked<core::Kill>()[0].cause == Cause::stalled);
}

TEST_CASE("sleep while only the journal is waited for is not counted against it") {
  Played story;
  story.driver.turn(75s);  // woken by some event, not by the deadline
  story.driver.let_pass(1min);
  CHECK(!story.driver.pool.finished());
  story.driver.turn(1ms, {core::Committed{1, 0}});
  CHECK(outcome(story.driver) == core::Outcome::finished);
}
