// How quickly the pool reacts.
//
// Round trip: one task to an idle worker and its result back, the worker asleep before each. This
// is what a tournament with little to do waits for, and the floor under every retry. Held against
// the physical limit of two wake-ups of an idle processor.
//
// Recovery: from SIGKILL of a busy worker to its replacement being ready and given its next world.
// This is what each crash costs, beside the world that was lost. The worker is a small one (no-op
// world).

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "benchmarks/support/harness.hpp"
#include "common/bell.hpp"
#include "common/tournament.hpp"
#include "runner/os/channel_host.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/worker_process.hpp"

namespace {

using namespace joust;

double percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

void print_row(const char* what, const std::vector<double>& values) {
  fmt::print("| {} | {} | {:.1f} | {:.1f} | {:.1f} |\n", what, values.size(),
             percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1.0));
}

// Blocks until the worker has sent one whole message.
void receive(os::ChannelHost& channel) {
  RecordHeader header;
  while (channel.receive(header) != MessageReceiver::Outcome::message) {
    if (!channel.arm(channel.messages_received() + 1)) continue;
    pollfd bell{channel.result_bell(), POLLIN, 0};
    if (::poll(&bell, 1, 10'000) != 1) throw std::runtime_error("the worker does not answer");
    wait_for_bell(channel.result_bell());
    channel.flush();
  }
}

std::vector<double> round_trips(int count) {
  WorkerBrief brief;
  brief.shape = {2, 2, 1, 1'000'000, 1};
  brief.setup.world = "noop";
  brief.setup.seats = 2;
  brief.setup.competitors = {{"A", "Any", {}}, {"B", "Any", {}}};
  brief.setup.parameters.set("work", std::int64_t{0});
  brief.setup.parameters.set("payload", std::int64_t{0});
  brief.setup.parameters.set("read", std::string());
  const std::string text = encode_brief(brief);
  os::Spawner spawner(os::find_worker(), "bench");
  os::ChannelHost channel = os::ChannelHost::create({1, 1 << 20, 1 << 20});
  channel.send_brief(text);
  const os::ChildProcess worker = spawner.start_worker({0, 1}, channel.fds());
  channel.flush();
  receive(channel);  // ready
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    ::poll(nullptr, 0, 1);  // both sides fall asleep
    const TimePoint start = os::now();
    channel.give(static_cast<LeaseOrdinal>(i + 1), static_cast<TaskIndex>(i), 1);
    channel.flush();
    receive(channel);
    times.push_back(std::chrono::duration<double, std::micro>(os::now() - start).count());
  }
  os::kill_tree(worker);
  while (!os::reap(worker)) ::poll(nullptr, 0, 1);
  return times;
}

// Kills a worker at every tick and notes when the next one of that slot is ready.
class Killer : public os::Observer {
 public:
  void worker_started(const journal::WorkerStart& start) override { pids_[start.slot] = start.pid; }
  void worker_ready(const core::WorkerId& worker) override {
    const auto killed = killed_.find(worker.slot);
    if (killed == killed_.end()) return;
    times_.push_back(std::chrono::duration<double, std::milli>(os::now() - killed->second).count());
    killed_.erase(killed);
  }
  Duration tick_period() const override { return std::chrono::milliseconds(20); }
  void tick(const os::Picture& picture) override {
    const SlotIndex slot = static_cast<SlotIndex>(times_.size() % picture.slots.size());
    if (!killed_.empty() || picture.slots[slot].state != "busy") return;
    killed_[slot] = os::now();
    ::kill(static_cast<pid_t>(pids_[slot]), SIGKILL);
  }
  const std::vector<double>& times() const { return times_; }

 private:
  std::map<SlotIndex, std::int64_t> pids_;
  std::map<SlotIndex, TimePoint> killed_;
  std::vector<double> times_;
};

}  // namespace

int main() {
  fmt::print("| what | count | p50 | p99 | max |\n|---|---|---|---|---|\n");
  print_row("round trip on an idle pool, us", round_trips(5000));
  Killer killer;
  bench::play({8'000, 2, "1ms", "0B", false}, killer);
  print_row("SIGKILL to the replacement ready, ms", killer.times());
  return 0;
}
