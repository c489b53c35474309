// Round trips on an idle pool: one task to a worker and its result back, both sides asleep before
// each. This is what a tournament with little to do waits for, and the floor under every retry.

#include <fmt/format.h>
#include <poll.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "benchmarks/support/harness.hpp"
#include "benchmarks/support/program.hpp"
#include "common/bell.hpp"
#include "runner/os/channel_host.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/find_worker.hpp"
#include "runner/os/worker_process.hpp"

namespace {

using namespace joust;

// Blocks until the worker has sent one whole message.
void receive(os::ChannelHost& channel) {
  constexpr int kPatience = 10'000;  // ms
  RecordHeader header;
  while (channel.receive(header) != MessageReceiver::Outcome::message) {
    if (!channel.arm(channel.messages_received() + 1)) continue;
    pollfd bell{channel.result_bell(), POLLIN, 0};
    if (::poll(&bell, 1, kPatience) != 1) throw std::runtime_error("the worker does not answer");
    wait_for_bell(channel.result_bell());
    channel.flush();
  }
}

std::vector<double> round_trips(std::uint64_t count) {
  const Tournament tournament = bench::make_tournament("noop", 2 * count, 1);
  const std::string brief = encode_brief({tournament.shape, tournament.setup});
  os::Spawner spawner(os::find_worker(), "bench");
  os::ChannelHost channel = os::ChannelHost::create({1, 1 << 20, 1 << 20});
  channel.send_brief(brief);
  const os::ChildProcess worker = spawner.start_worker({0, 1}, channel.fds());
  channel.flush();
  receive(channel);  // ready
  std::vector<double> times;
  for (std::uint64_t i = 0; i < count; ++i) {
    ::poll(nullptr, 0, 1);  // both sides fall asleep
    const TimePoint start = os::now();
    channel.give(static_cast<LeaseOrdinal>(i + 1), i, 1);
    channel.flush();
    receive(channel);
    times.push_back(std::chrono::duration<double, std::micro>(os::now() - start).count());
  }
  os::kill_tree(worker);
  while (!os::reap(worker)) ::poll(nullptr, 0, 1);
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t count = 0;
  return bench::run_program(
      argc, argv, "Times single worlds on an idle worker",
      [&count](CLI::App& app) { app.add_option("--count", count, "Round trips")->required(); },
      [&count] {
        fmt::print("{}\n", nlohmann::json{{"microseconds", round_trips(count)}}.dump());
      });
}
