// The worker's end of a channel against a supervisor that is played by hand. Both sleep whenever
// they can and nothing here has a time-out: a lost wake-up is a hang, and CTest's limit tells of
// it.

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <thread>

#include "../support/sim_random.hpp"
#include "../support/sim_ring.hpp"
#include "../support/sim_supervisor.hpp"
#include "worker/channel_client.hpp"

using namespace joust;
using namespace std::chrono_literals;
using sim::HandSupervisor;
using sim::pattern;

namespace {

struct Load {
  std::uint64_t capacity = 0;
  std::uint64_t tasks = 0;
  std::size_t largest = 0;  // bytes of a result
  std::uint64_t window = 0;
};

std::size_t size_of(const Load& load, TaskIndex task) {
  return sim::Random(task).below(load.largest + 1);
}

void work(const Load& load, const HandSupervisor& supervisor, std::string& brief) {
  worker::ChannelClient channel(supervisor.supervisor_memory(), supervisor.worker_memory(),
                                supervisor.task_bell(), supervisor.result_bell());
  brief = channel.receive_brief();
  channel.send(MessageType::ready, {}, {}, 0ns);
  sim::Random random(1);
  RecordHeader task;
  while (channel.next_task(task)) {
    channel.begin(task);
    channel.report_progress(1, 1);
    const Duration played = random.percent(10) ? Duration(600us) : Duration(0);
    channel.send(MessageType::result, task, pattern(task.task, size_of(load, task.task)), played);
  }
}

// Plays the supervisor. A worker whose messages are wrong may never end: the program ends at once.
class Story {
 public:
  explicit Story(const Load& load) : load_(load), supervisor_(load.capacity, 64U << 20) {}

  void play() {
    const std::string brief = pattern(0, 3 * load_.capacity);
    std::string received_brief;
    std::jthread worker([&] { work(load_, supervisor_, received_brief); });
    supervisor_.send_brief(brief);
    while (done_ < load_.tasks) {
      give();
      if (const auto wrong = take()) {
        MESSAGE(*wrong << " (task " << done_ << ")");
        std::abort();
      }
    }
    supervisor_.ask_to_stop();
    worker.join();
    CHECK(received_brief == brief);
  }
  std::uint64_t slept() const { return supervisor_.slept(); }

 private:
  void give() {
    const std::uint64_t window = random_.between(1, load_.window);
    while (given_ < load_.tasks && given_ - done_ < window &&
           supervisor_.give(given_, static_cast<LeaseOrdinal>(given_ + 1))) {
      ++given_;
    }
    supervisor_.publish_tasks();
  }

  // Takes what is there; if that is nothing, sleeps, or just looks again.
  std::optional<std::string> take() {
    RecordHeader header;
    const std::uint64_t most = random_.between(1, 20);
    for (std::uint64_t records = 0; records < most && done_ < load_.tasks; ++records) {
      const auto outcome = supervisor_.receive(header);
      if (outcome == MessageReceiver::Outcome::corrupt) return "a message makes no sense";
      if (outcome == MessageReceiver::Outcome::fragment) continue;
      if (outcome == MessageReceiver::Outcome::empty) {
        // whoever sleeps must have something to wait for
        const bool awaits = given_ > done_ || messages_ == 0;
        if (awaits && random_.percent(80)) {
          supervisor_.sleep_until(messages_ + random_.between(1, load_.window + 2));
        }
        return std::nullopt;
      }
      ++messages_;
      if (static_cast<MessageType>(header.type) == MessageType::ready) continue;
      if (header.task != done_ || header.ordinal != done_ + 1) return "a result is out of order";
      if (supervisor_.payload() != pattern(done_, size_of(load_, done_))) return "a result differs";
      ++done_;
    }
    return std::nullopt;
  }

  Load load_;
  HandSupervisor supervisor_;
  sim::Random random_{2};
  std::uint64_t given_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t messages_ = 0;
};

void run(const Load& load) {
  Story story(load);
  story.play();
  CHECK(story.slept() > 0);
}

}  // namespace

TEST_CASE("no wake-up is lost while the worker waits for space in a tiny ring") {
  run({kMinRingCapacity, 10'000, 12'000, 8});
}

TEST_CASE("no wake-up is lost with results that fill a tiny ring exactly") {
  run({kMinRingCapacity, 20'000, max_inline_payload(kMinRingCapacity), 64});
}

TEST_CASE("no wake-up is lost when one task is in flight at a time") {
  run({1U << 16, 20'000, 0, 1});
}

TEST_CASE("no wake-up is lost when many tasks are in flight") { run({1U << 20, 100'000, 40, 256}); }

TEST_CASE("a worker that sleeps without a task hears that it shall stop") {
  for (int round = 0; round < 300; ++round) {
    HandSupervisor supervisor(kMinRingCapacity, 1000);
    std::string brief;
    std::jthread worker([&] { work({}, supervisor, brief); });
    supervisor.send_brief("brief");
    if (round % 2 == 0) {
      while (supervisor.worker().sleeping.value.load() !=
             static_cast<std::uint64_t>(Sleep::for_tasks)) {
        std::this_thread::yield();
      }
    }
    RecordHeader header;
    while (supervisor.receive(header) != MessageReceiver::Outcome::message) {
      supervisor.sleep_until(1);
    }
    supervisor.ask_to_stop();
  }
}

TEST_CASE("the worker says which lease has begun and how often it has reported progress") {
  HandSupervisor supervisor(kMinRingCapacity, 1000);
  worker::ChannelClient channel(supervisor.supervisor_memory(), supervisor.worker_memory(),
                                supervisor.task_bell(), supervisor.result_bell());
  RecordHeader task;
  task.ordinal = 7;
  channel.begin(task);
  CHECK(begun_ordinal(supervisor.worker().progress.value) == 7);
  CHECK(beat_count(supervisor.worker().progress.value) == 0);
  channel.report_progress(1, 3);
  channel.report_progress(2, 3);
  CHECK(begun_ordinal(supervisor.worker().progress.value) == 7);
  CHECK(beat_count(supervisor.worker().progress.value) == 2);
  CHECK(supervisor.worker().step.value == ((2ULL << 32) | 3));
  task.ordinal = 8;
  channel.begin(task);
  CHECK(begun_ordinal(supervisor.worker().progress.value) == 8);
  CHECK(beat_count(supervisor.worker().progress.value) == 0);
}

TEST_CASE("a channel of another build is refused") {
  HandSupervisor supervisor(kMinRingCapacity, 1000);
  Mapping memory(supervisor.supervisor_memory(), kChannelPage, Mapping::Access::read_write);
  auto& page = *reinterpret_cast<SupervisorPage*>(memory.data());
  SUBCASE("another version") { ++page.version; }
  SUBCASE("no channel at all") { page.magic = 0; }
  CHECK_THROWS_AS(worker::ChannelClient(supervisor.supervisor_memory(), supervisor.worker_memory(),
                                        supervisor.task_bell(), supervisor.result_bell()),
                  worker::ChannelBroken);
}
