// Who starts and who goes when memory decides.

#include <doctest/doctest.h>

#include <algorithm>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kMiB = 1 << 20;

PoolOptions watched(std::uint32_t workers) {
  PoolOptions options;
  options.workers = workers;
  options.watch_memory = true;
  options.ramp = workers;
  options.retry_backoff = 0s;
  return options;
}

core::MemorySeen seen(std::int64_t room_mib, const std::vector<std::uint64_t>& mib_by_slot,
                      bool critical = false) {
  core::MemorySeen event;
  event.room = room_mib * static_cast<std::int64_t>(kMiB);
  event.critical = critical;
  for (SlotIndex slot = 0; slot < mib_by_slot.size(); ++slot) {
    event.workers.push_back({{slot, 1}, mib_by_slot[slot] * kMiB});
  }
  return event;
}

core::MemorySeen seen_of(const core::WorkerId& worker, std::uint64_t mib) {
  core::MemorySeen event = seen(1024, {});
  event.workers = {{worker, mib * kMiB}};
  return event;
}

std::size_t spawned(const sim::Driver& driver) { return driver.asked<core::Spawn>().size(); }

// All of `workers` slots have a worker that plays its first world; what they were given.
std::vector<core::Give> start_all(sim::Driver& driver, std::uint32_t workers) {
  std::vector<core::Give> given;
  const auto collect = [&] {
    for (const core::Give& give : driver.asked<core::Give>()) given.push_back(give);
  };
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  collect();
  driver.turn(1ms, {seen(1 << 20, {10})});
  std::vector<core::Event> ready;
  for (SlotIndex slot = 1; slot < workers; ++slot) ready.emplace_back(core::WorkerReady{{slot, 1}});
  driver.turn(1ms, ready);
  collect();
  REQUIRE(driver.pool.counts().running == workers);
  return given;
}

std::vector<core::Give> of_slot(const std::vector<core::Give>& given, SlotIndex slot) {
  std::vector<core::Give> found;
  for (const core::Give& give : given) {
    if (give.worker.slot == slot) found.push_back(give);
  }
  return found;
}

}  // namespace

TEST_CASE("the first worker starts alone; the others follow as many at a time as there may be") {
  PoolOptions options = watched(8);
  options.ramp = 3;
  sim::Driver driver(options, 100);
  CHECK(spawned(driver) == 1);
  driver.let_pass(1s);
  CHECK(spawned(driver) == 0);  // it is not ready yet
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  CHECK(driver.asked<core::LookAtMemory>().size() == 1);
  driver.turn(1ms, {seen(100'000, {10})});
  CHECK(spawned(driver) == 3);
  driver.turn(1ms, {core::WorkerReady{{1, 1}}});
  CHECK(spawned(driver) == 1);
}

TEST_CASE("until a worker has played, a gigabyte is reckoned for each") {
  sim::Driver driver(watched(8), 100);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give first = driver.asked<core::Give>().at(0);
  driver.turn(1ms, {seen(2500, {100})});
  // 1024 - 100 for the first one to grow, and 1024 for the second
  CHECK(spawned(driver) == 1);
  // a world is done: now it is known, and 2000 is room for eight of 250
  REQUIRE(driver.claim(first, 1ms, 1ms));
  CHECK(driver.asked<core::LookAtMemory>().size() == 1);
  driver.turn(1ms, {seen(2000, {250})});
  CHECK(spawned(driver) == 6);
}

TEST_CASE("a first world that lasts is measured on the way") {
  sim::Driver driver(watched(8), 100);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {seen(1500, {10})});
  CHECK(spawned(driver) == 0);
  driver.let_pass(1s);
  CHECK(!driver.asked<core::LookAtMemory>().empty());
  driver.turn(1ms, {seen(1500, {500})});
  CHECK(spawned(driver) == 3);
  const auto told = driver.asked<core::TellMemory>();
  REQUIRE(told.size() == 1);
  CHECK(told[0].running == 4);
  CHECK(told[0].slots == 8);
  CHECK(told[0].expected == 500 * kMiB);
}

TEST_CASE("a worker that is leaving tells of no small need, and may have grown since it was seen") {
  PoolOptions options = watched(8);
  options.recycle_after = 1;
  sim::Driver driver(options, 100);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give first = driver.asked<core::Give>().at(0);
  REQUIRE(driver.claim(first, 1ms, 1ms));
  REQUIRE(!driver.asked<core::AskToStop>().empty());
  driver.turn(1ms, {seen(200, {250})});
  CHECK(spawned(driver) == 0);
  driver.turn(1s, {seen(1200, {20})});
  CHECK(spawned(driver) == 3);  // not four of 242: 230 are kept for the one that was at 250
}

TEST_CASE("without any room one worker plays all the same") {
  sim::Driver driver(watched(4), 100);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {seen(-500, {10})});
  CHECK(driver.asked<core::Spawn>().empty());
  CHECK(driver.asked<core::Kill>().empty());
  CHECK(driver.asked<core::AskToStop>().empty());
  CHECK(driver.pool.counts().running == 1);
}

TEST_CASE("when memory is short the youngest is given no more, and ended a second later") {
  sim::Driver driver(watched(3), 100);
  start_all(driver, 3);
  driver.turn(1ms, {seen(-10, {100, 100, 100})});
  const auto asked = driver.asked<core::AskToStop>();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].worker == core::WorkerId{2, 1});
  driver.turn(500ms, {seen(-10, {100, 100, 100})});
  CHECK(driver.asked<core::Kill>().empty());
  driver.turn(600ms, {seen(-10, {100, 100, 100})});
  const auto killed = driver.asked<core::Kill>();
  REQUIRE(killed.size() == 1);
  CHECK(killed[0].worker == core::WorkerId{2, 1});
  // nobody else has to go before it is seen what that brought
  driver.turn(1ms, {seen(-10, {100, 100, 100}, true)});
  CHECK(driver.asked<core::Kill>().empty());
  driver.turn(1ms, {core::WorkerGone{{2, 1}, {true, 9}, 1}});
  CHECK(driver.asked<core::RecordFailure>().empty());
  const auto ended = driver.asked<core::RecordWorkerEnd>();
  REQUIRE(ended.size() == 1);
  CHECK(!ended[0].lost);
  CHECK(ended[0].detail.starts_with("memory was short"));
  CHECK(driver.pool.counts().failed_attempts == 0);
  CHECK(spawned(driver) == 0);  // 90 are free, 100 expected
}

TEST_CASE("when it is dangerously short, nobody waits") {
  sim::Driver driver(watched(3), 100);
  start_all(driver, 3);
  driver.turn(1ms, {seen(-10, {100, 100, 100}, true)});
  CHECK(driver.asked<core::Kill>().size() == 1);
}

TEST_CASE("a machine that waits for memory counts as short of it, where little is left") {
  sim::Driver driver(watched(3), 100);
  start_all(driver, 3);
  core::MemorySeen waits = seen(5000, {100, 100, 100});
  waits.stalls = true;
  driver.turn(1ms, {waits});  // others' trouble: there is plenty for us
  CHECK(driver.asked<core::AskToStop>().empty());
  waits.room = 50 * static_cast<std::int64_t>(kMiB);
  driver.turn(1ms, {seen(50, {1000, 1000, 1000}), waits});
  const auto asked = driver.asked<core::AskToStop>();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].worker == core::WorkerId{2, 1});
}

TEST_CASE("an idle worker goes before one that plays") {
  sim::Driver driver(watched(3), 6);
  const auto given = start_all(driver, 3);
  for (const core::Give& give : of_slot(given, 0)) REQUIRE(driver.claim(give, 1ms, 1ms));
  driver.turn(1ms, {seen(-10, {100, 100, 100})});
  const auto asked = driver.asked<core::AskToStop>();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].worker == core::WorkerId{0, 1});
}

TEST_CASE("the last worker goes only when it is what is too much") {
  sim::Driver driver(watched(1), 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give first = driver.asked<core::Give>().at(0);
  const auto of_1000 = [](std::uint64_t mib, bool critical) {
    core::MemorySeen event = seen(-300, {mib}, critical);
    event.most = 1000 * kMiB;
    return event;
  };
  driver.turn(1ms, {of_1000(400, true)});  // others have taken more
  CHECK(driver.asked<core::Kill>().empty());
  driver.turn(1ms, {of_1000(700, false)});  // it is not dangerous
  CHECK(driver.asked<core::Kill>().empty());
  driver.turn(1ms, {of_1000(700, true)});
  REQUIRE(driver.asked<core::Kill>().size() == 1);
  CHECK(driver.asked<core::Kill>()[0].cause == Cause::out_of_memory);
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, first.ordinal}});
  REQUIRE(driver.asked<core::RecordFailure>().size() == 1);
  CHECK(driver.asked<core::RecordFailure>()[0].cause == Cause::out_of_memory);
}

TEST_CASE("whom the kernel ended for want of memory is charged with that") {
  sim::Driver driver(watched(1), 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  driver.turn(1ms, {seen(5000, {700})});
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9, 900 * kMiB}, 1, {}, true}});
  const auto failed = driver.asked<core::RecordFailure>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].cause == Cause::out_of_memory);
  CHECK(failed[0].detail ==
        "the kernel ended it, for memory was short; it had taken up to 900.0 MiB");
}

TEST_CASE("a world that died of memory is played last of all, alone, and with no limit") {
  PoolOptions options = watched(2);
  options.memory_limit = 100 * kMiB;
  sim::Driver driver(options, 4);
  const auto given = start_all(driver, 2);
  driver.turn(1ms, {seen(5000, {50, 120})});
  REQUIRE(driver.asked<core::Kill>().size() == 1);
  driver.turn(1ms, {core::WorkerGone{{1, 1}, {true, 9}, 1}});
  const TaskIndex victim = driver.asked<core::RecordFailure>().at(0).task;
  CHECK(victim == of_slot(given, 1)[0].task);
  driver.turn(1ms, {core::WorkerReady{{1, 2}}});
  const auto others = driver.asked<core::Give>();
  // everything but the victim is played
  std::deque<core::Give> open(others.begin(), others.end());
  for (const core::Give& give : of_slot(given, 0)) open.push_back(give);
  std::size_t asked_to_stop = 0;
  while (!open.empty()) {
    const core::Give next = open.front();
    open.pop_front();
    CHECK(next.task != victim);
    REQUIRE(driver.claim(next, 1ms, 1ms));
    for (const core::Give& more : driver.asked<core::Give>()) open.push_back(more);
    asked_to_stop += driver.asked<core::AskToStop>().size();
  }
  CHECK(driver.pool.counts().done == 3);
  CHECK(asked_to_stop == 2);
  CHECK(spawned(driver) == 0);
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {false, 0}, 9}});
  CHECK(spawned(driver) == 0);  // one is still there
  driver.turn(1ms, {core::WorkerGone{{1, 2}, {false, 0}, 9}});
  REQUIRE(spawned(driver) == 1);
  const core::Spawn solo = driver.asked<core::Spawn>()[0];
  CHECK(solo.solo);
  driver.turn(1ms, {core::WorkerReady{solo.worker}});
  REQUIRE(driver.asked<core::Give>().size() == 1);
  const core::Give again = driver.asked<core::Give>()[0];
  CHECK(again.task == victim);
  CHECK(again.attempt == 2);
  driver.turn(1ms, {seen_of(solo.worker, 3000)});
  CHECK(driver.asked<core::Kill>().empty());
  REQUIRE(driver.claim(again, 1ms, 1ms));
  CHECK(driver.pool.counts().done == 4);
}

TEST_CASE("what worlds before it have left in the worker is not charged to a world") {
  PoolOptions options = watched(1);
  options.memory_limit = 100 * kMiB;
  sim::Driver driver(options, 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give first = driver.asked<core::Give>().at(0);
  const core::Give second = driver.asked<core::Give>().at(1);
  REQUIRE(driver.claim(first, 1ms, 1ms));
  driver.turn(1ms, {seen(5000, {120})});
  CHECK(driver.asked<core::Kill>().size() == 1);
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 2}});
  CHECK(driver.asked<core::RecordFailure>().empty());
  // in a fresh worker it is charged
  driver.turn(1ms, {core::WorkerReady{{0, 2}}});
  CHECK(driver.asked<core::Give>().at(0).task == second.task);
  driver.turn(1ms, {seen_of({0, 2}, 120)});
  driver.turn(1ms, {core::WorkerGone{{0, 2}, {true, 9}, 1}});
  REQUIRE(driver.asked<core::RecordFailure>().size() == 1);
  CHECK(driver.asked<core::RecordFailure>()[0].cause == Cause::out_of_memory);
}

TEST_CASE("worlds that are all too large do not end the run") {
  PoolOptions options = watched(1);
  options.memory_limit = 100 * kMiB;
  options.max_deaths_without_progress = 3;
  sim::Driver driver(options, 10);
  for (Epoch epoch = 1; epoch <= 10; ++epoch) {
    driver.turn(1ms, {core::WorkerReady{{0, epoch}}});
    driver.turn(1ms, {seen_of({0, epoch}, 200)});
    driver.turn(1ms, {core::WorkerGone{{0, epoch}, {true, 9}, 1}});
    CHECK(driver.asked<core::RecordFailure>().size() == 1);
  }
  CHECK(driver.asked<core::Finish>().empty());
  REQUIRE(spawned(driver) == 1);
  CHECK(driver.asked<core::Spawn>()[0].solo);
}

TEST_CASE("a worker is replaced after so many worlds, and never holds more than are left to it") {
  PoolOptions options = watched(1);
  options.recycle_after = 3;
  sim::Driver driver(options, 7);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  std::deque<core::Give> open;
  const auto collect = [&] {
    for (const core::Give& give : driver.asked<core::Give>()) open.push_back(give);
  };
  collect();
  for (int played = 1; played <= 3; ++played) {
    REQUIRE(!open.empty());
    const core::Give next = open.front();
    open.pop_front();
    REQUIRE(driver.claim(next, 1us, 1us));
    CHECK(driver.asked<core::AskToStop>().size() == (played == 3 ? 1 : 0));
    collect();
  }
  CHECK(open.empty());
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {false, 0}, 3}});
  CHECK(driver.asked<core::RecordWorkerEnd>().at(0).detail ==
        "recycled after 3 worlds; exit code 0");
  CHECK(spawned(driver) == 1);
}

TEST_CASE("a worker that has grown is replaced, but not one that begins so large") {
  PoolOptions options = watched(1);
  options.recycle_above = 100 * kMiB;
  sim::Driver driver(options, 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give first = driver.asked<core::Give>().at(0);
  driver.turn(1ms, {seen(5000, {150})});
  CHECK(driver.asked<core::AskToStop>().empty());
  REQUIRE(driver.claim(first, 1ms, 1ms));
  driver.turn(1ms, {seen(5000, {150})});
  CHECK(driver.asked<core::AskToStop>().size() == 1);
}

TEST_CASE("what a world left in memory when it could get no more is not charged to the next") {
  sim::Driver driver(watched(1), 10);
  driver.turn(1ms, {core::WorkerReady{{0, 1}}});
  const core::Give first = driver.asked<core::Give>().at(0);
  driver.turn(1ms, {core::AttemptFailed{first.worker, first.ordinal, first.task, 1,
                                        Cause::out_of_memory, "bad_alloc", 1ms}});
  CHECK(driver.asked<core::RecordFailure>().size() == 1);
  REQUIRE(driver.asked<core::Kill>().size() == 1);
  driver.turn(1ms, {core::WorkerGone{{0, 1}, {true, 9}, 2}});
  CHECK(driver.asked<core::RecordFailure>().empty());
  CHECK(driver.pool.counts().failed_attempts == 1);
}
