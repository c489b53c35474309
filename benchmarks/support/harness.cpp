#include "benchmarks/support/harness.hpp"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "benchmarks/support/folder.hpp"
#include "common/bell.hpp"
#include "common/world_registry.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/null_recorder.hpp"
#include "runner/os/supervisor.hpp"

namespace joust::bench {
namespace {

namespace fs = std::filesystem;

double seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration<double>(to - from).count();
}

// Passes everything on, and notes when the last worker became ready.
class ReadyClock : public os::Observer {
 public:
  ReadyClock(os::Observer& inner, std::uint32_t workers) : inner_(inner), waiting_(workers) {}
  void worker_started(const journal::WorkerStart& start) override { inner_.worker_started(start); }
  void worker_ended(const journal::WorkerEnd& end) override { inner_.worker_ended(end); }
  void worker_ready(const core::WorkerId& worker) override {
    inner_.worker_ready(worker);
    if (waiting_ == 0 || --waiting_ > 0) return;
    processor_seconds_ = processor_seconds();
    at_ = os::now();
  }
  Duration tick_period() const override { return inner_.tick_period(); }
  void tick(const os::Picture& picture) override { inner_.tick(picture); }

  PoolTimes times(TimePoint start) const {
    const TimePoint end = os::now();
    return {seconds_between(start, at_), seconds_between(at_, end),
            processor_seconds() - processor_seconds_};
  }

 private:
  os::Observer& inner_;
  std::uint32_t waiting_;
  TimePoint at_{};
  double processor_seconds_ = 0;
};

PoolTimes supervise(const Tournament& tournament, os::Recorder& recorder, int bell,
                    os::Observer& observer) {
  os::SupervisorSetup setup;
  setup.pool = tournament.pool;
  setup.brief = encode_brief({tournament.shape, tournament.setup});
  setup.tasks = Plan(tournament.shape).worlds();
  setup.seats = tournament.setup.seats;
  setup.worker_binary = os::find_worker();
  setup.stacks_program = os::find_stacks_program();
  setup.journal_bell = bell;
  setup.handle_signals = false;
  ReadyClock clock(observer, tournament.pool.workers);
  const TimePoint start = os::now();
  os::Supervisor supervisor(std::move(setup), recorder, clock);
  const core::Finish finish = supervisor.run();
  const PoolTimes times = clock.times(start);
  if (finish.outcome != core::Outcome::finished) throw std::runtime_error(finish.reason);
  return times;
}

}  // namespace

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

Tournament make_tournament(const std::string& world, std::uint64_t worlds, std::uint32_t workers) {
  const WorldRegistry registry = builtin_worlds();
  const WorldType* type = registry.find(world);
  if (type == nullptr) throw std::out_of_range(fmt::format("there is no world '{}'", world));
  Tournament tournament;
  tournament.name = "bench";
  tournament.shape = {2, 2, 1, static_cast<std::uint32_t>(worlds / 2), 1};
  tournament.setup.world = world;
  tournament.setup.seats = 2;
  tournament.setup.competitors = {{"A", "Any", {}}, {"B", "Any", {}}};
  fill_defaults(tournament.setup.parameters, type->parameters);
  tournament.pool.workers = workers;
  return tournament;
}

PoolTimes play(const Tournament& tournament, bool journaled, os::Observer& observer) {
  const UniqueFd bell = make_bell(EFD_NONBLOCK);
  if (!journaled) {
    os::NullRecorder nowhere(bell.get());
    return supervise(tournament, nowhere, bell.get(), observer);
  }
  const Folder folder;
  journal::RunIdentity identity;
  identity.name = "bench";
  const fs::path run = folder.path() / "run";
  const auto dir = journal::RunDirectory::create(run, identity);
  journal::Writer writer(run, {}, [&bell] { ring_bell(bell.get()); });
  os::JournalRecorder recorder(writer);
  return supervise(tournament, recorder, bell.get(), observer);
}

}  // namespace joust::bench
