#include "benchmarks/support/harness.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "common/bell.hpp"
#include "common/text.hpp"
#include "common/world_registry.hpp"
#include "runner/journal/run_directory.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/null_recorder.hpp"
#include "runner/os/supervisor.hpp"

namespace joust::bench {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fmt::format("joust-bench-{}", ::getpid())) {}
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Passes everything on, and notes when the last worker became ready.
class ReadyClock : public os::Observer {
 public:
  ReadyClock(os::Observer& inner, std::uint32_t workers) : inner_(inner), waiting_(workers) {}
  void worker_started(const journal::WorkerStart& start) override { inner_.worker_started(start); }
  void worker_ended(const journal::WorkerEnd& end) override { inner_.worker_ended(end); }
  void worker_ready(const core::WorkerId& worker) override {
    inner_.worker_ready(worker);
    if (waiting_ > 0 && --waiting_ == 0) at_ = os::now();
  }
  Duration tick_period() const override { return inner_.tick_period(); }
  void tick(const os::Picture& picture) override { inner_.tick(picture); }
  TimePoint at() const { return at_; }

 private:
  os::Observer& inner_;
  std::uint32_t waiting_;
  TimePoint at_{};
};

std::int64_t nanoseconds(const std::string& text) { return parse_duration(text).value().count(); }

Tournament noop_tournament(const PoolRun& run) {
  Tournament tournament;
  tournament.name = "bench";
  tournament.shape = {2, 2, 1, static_cast<std::uint32_t>(run.worlds / 2), 1};
  tournament.setup.world = "noop";
  tournament.setup.seats = 2;
  tournament.setup.competitors = {{"A", "Any", {}}, {"B", "Any", {}}};
  tournament.setup.parameters.set("work", nanoseconds(run.work));
  tournament.setup.parameters.set("payload",
                                  static_cast<std::int64_t>(parse_size(run.payload).value()));
  tournament.setup.parameters.set("read", std::string());
  tournament.pool.workers = run.workers;
  return tournament;
}

double seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration<double>(to - from).count();
}

PoolTimes supervise(const Tournament& tournament, os::Recorder& recorder, int bell,
                    os::Observer& observer) {
  os::SupervisorSetup setup;
  setup.pool = tournament.pool;
  setup.brief = encode_brief({tournament.shape, tournament.setup});
  setup.tasks = Plan(tournament.shape).worlds();
  setup.seats = tournament.setup.seats;
  setup.worker_binary = os::find_worker();
  setup.journal_bell = bell;
  setup.handle_signals = false;
  ReadyClock clock(observer, tournament.pool.workers);
  const TimePoint start = os::now();
  os::Supervisor supervisor(std::move(setup), recorder, clock);
  const core::Finish finish = supervisor.run();
  const TimePoint end = os::now();
  if (finish.outcome != core::Outcome::finished) throw std::runtime_error(finish.reason);
  return {seconds_between(start, end), seconds_between(clock.at(), end)};
}

}  // namespace

PoolTimes play(const PoolRun& run) {
  os::Observer nobody;
  return play(run, nobody);
}

PoolTimes play(const PoolRun& run, os::Observer& observer) {
  const Tournament tournament = noop_tournament(run);
  const UniqueFd bell = make_bell(EFD_NONBLOCK);
  if (!run.journaled) {
    os::NullRecorder nowhere(bell.get());
    return supervise(tournament, nowhere, bell.get(), observer);
  }
  const Folder folder;
  journal::RunIdentity identity;
  identity.name = "bench";
  const auto dir = journal::RunDirectory::create(folder.path(), identity);
  journal::Writer writer(folder.path(), {}, [&bell] { ring_bell(bell.get()); });
  os::JournalRecorder recorder(writer);
  return supervise(tournament, recorder, bell.get(), observer);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace joust::bench
