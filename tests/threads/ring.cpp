// The ring with its producer and its consumer on two threads over one byte array, where the thread
// sanitizer can see both: acquire and release on the positions must be enough for the bytes
// between.

#include "common/ring.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "../support/sim_random.hpp"
#include "../support/sim_ring.hpp"
#include "common/messages.hpp"

using namespace joust;
using sim::pattern;
using sim::RingMemory;

namespace {

constexpr std::uint32_t kEpoch = 9;

struct Load {
  std::size_t capacity = 0;
  std::uint64_t messages = 0;
  std::size_t largest = 0;  // bytes of a message
};

std::size_t size_of(const Load& load, std::uint64_t number) {
  sim::Random random(number);
  // mostly small, so that wraps fall everywhere; some of any size
  return random.percent(80) ? random.below(std::min<std::size_t>(load.largest + 1, 100))
                            : random.below(load.largest + 1);
}

void produce(const Load& load, RingMemory& ring) {
  RingWriter writer = ring.writer();
  MessageSender sender;
  for (std::uint64_t number = 0; number < load.messages; ++number) {
    const std::string payload = pattern(number, size_of(load, number));
    RecordHeader header;
    header.task = number;
    header.epoch = kEpoch;
    sender.start(header, payload);
    while (!sender.done()) {
      if (sender.pump(writer) == RingWriter::Outcome::full) std::this_thread::yield();
    }
  }
}

// The number of messages that came in the right order with the right bytes.
std::uint64_t consume(const Load& load, RingMemory& ring) {
  MessageReceiver receiver(ring.reader(), kEpoch, load.largest);
  RecordHeader header;
  std::uint64_t number = 0;
  while (number < load.messages) {
    switch (receiver.receive(header)) {
      case MessageReceiver::Outcome::empty:
        std::this_thread::yield();
        break;
      case MessageReceiver::Outcome::fragment:
        break;
      case MessageReceiver::Outcome::corrupt:
        return number;
      case MessageReceiver::Outcome::message:
        if (header.task != number) return number;
        if (receiver.payload() != pattern(number, size_of(load, number))) return number;
        ++number;
        break;
    }
  }
  return number;
}

void run(const Load& load) {
  CAPTURE(load.capacity);
  CAPTURE(load.largest);
  RingMemory ring(load.capacity);
  std::uint64_t consumed = 0;
  {
    std::jthread consumer([&] { consumed = consume(load, ring); });
    std::jthread producer([&] { produce(load, ring); });
  }
  CHECK(consumed == load.messages);
  CHECK(ring.head == ring.tail);
}

}  // namespace

TEST_CASE("messages cross a small ring in order and whole, in fragments and over every wrap") {
  run({kMinRingCapacity, 20'000, 6'000});
}

TEST_CASE("records that fit cross a small ring in order and whole") {
  run({kMinRingCapacity, 100'000, max_inline_payload(kMinRingCapacity)});
}

TEST_CASE("large messages cross a ring of the default size") { run({1U << 20, 100, 3U << 20}); }
