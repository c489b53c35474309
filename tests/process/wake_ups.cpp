// Whole tournaments without a single timer in the supervisor: it sleeps until a bell, a pipe or a
// process's end wakes it. A wake-up that got lost would leave it asleep for ever; in a usual run
// the next timer would hide that.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "common/bell.hpp"
#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/os/null_recorder.hpp"
#include "runner/os/supervisor.hpp"

namespace joust::test {
namespace {

void play_without_timers(std::uint32_t workers, std::uint32_t configs, std::int64_t work_ns,
                         std::int64_t payload) {
  Tournament tournament;
  tournament.shape = {2, 2, 1, configs, 1};
  tournament.setup.world = "noop";
  tournament.setup.seats = 2;
  tournament.setup.competitors = {{"A", "Any", {}}, {"B", "Any", {}}};
  tournament.setup.parameters.set("work", work_ns);
  tournament.setup.parameters.set("payload", payload);
  tournament.setup.parameters.set("read", std::string());
  tournament.pool.workers = workers;
  tournament.pool.ring_capacity = 64 << 10;  // often full

  const UniqueFd bell = make_bell(EFD_NONBLOCK);
  os::NullRecorder counter(bell.get());
  os::Observer nobody;
  os::SupervisorSetup setup;
  setup.pool = tournament.pool;
  setup.brief = encode_brief({tournament.shape, tournament.setup});
  setup.tasks = Plan(tournament.shape).worlds();
  setup.seats = tournament.setup.seats;
  setup.worker_binary = JOUST_BIN_DIR "/joust-worker";
  setup.journal_bell = bell.get();
  setup.handle_signals = false;
  setup.without_timers = true;
  os::Supervisor supervisor(std::move(setup), counter, nobody);
  CHECK(supervisor.run().outcome == core::Outcome::finished);
  CHECK(counter.status().results_committed == 2 * std::uint64_t{configs});
}

TEST_CASE("no wake-up is missed when worlds take no time") {
  play_without_timers(3, 200'000, 0, 0);
}

TEST_CASE("no wake-up is missed when everybody keeps falling asleep") {
  play_without_timers(4, 10'000, 50'000, 0);
}

TEST_CASE("no wake-up is missed when rings are full and results come in pieces") {
  play_without_timers(3, 2'000, 0, 20 << 10);
  play_without_timers(3, 200, 0, 300 << 10);
}

}  // namespace
}  // namespace joust::test
