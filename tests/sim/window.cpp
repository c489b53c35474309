// How many worlds a worker holds at a time.

#include <doctest/doctest.h>

#include <algorithm>

#include "../support/sim_driver.hpp"

using namespace joust;
using namespace std::chrono_literals;

namespace {

struct Seen {
  std::size_t most = 0;         // leases of one worker
  std::size_t most_at_end = 0;  // while fewer worlds are left than there are workers
};

// Two workers play everything, each world taking `played`.
Seen play_all(std::uint64_t tasks, Duration played) {
  PoolOptions options;
  options.workers = 2;
  sim::Driver driver(options, tasks);
  std::deque<core::Give> given;
  Seen seen;
  const auto collect = [&] {
    for (const core::Give& give : driver.asked<core::Give>()) given.push_back(give);
    const std::uint64_t left = tasks - driver.pool.counts().done;
    for (const core::Slot& slot : driver.pool.slots()) {
      const core::Worker* worker = core::live_worker(slot);
      if (worker == nullptr) continue;
      seen.most = std::max(seen.most, worker->leases.size());
      if (left <= 2) seen.most_at_end = std::max(seen.most_at_end, worker->leases.size());
    }
  };
  driver.turn(1ms, {core::WorkerReady{{0, 1}}, core::WorkerReady{{1, 1}}});
  collect();
  while (!given.empty()) {
    const core::Give give = given.front();
    given.pop_front();
    REQUIRE(driver.claim(give, 1us, played));
    collect();
  }
  CHECK(driver.pool.counts().done == tasks);
  return seen;
}

}  // namespace

TEST_CASE("a worker of tiny worlds holds many of them, but never more than 256") {
  CHECK(play_all(5'000, 1us).most == 256);
}

TEST_CASE("a worker holds about four milliseconds of work") {
  CHECK(play_all(2'000, 100us).most <= 41);
  CHECK(play_all(2'000, 100us).most >= 30);
}

TEST_CASE("a worker of long worlds holds one more than it plays") {
  CHECK(play_all(200, 1s).most == 2);
}

TEST_CASE("near the end no world waits behind another while a worker is free") {
  CHECK(play_all(500, 1us).most_at_end == 1);
}
