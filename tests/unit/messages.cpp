// Messages over one ring, whole and in fragments, from honest and from hostile senders.

#include "common/messages.hpp"

#include <doctest/doctest.h>

#include "../support/sim_ring.hpp"
#include "common/bytes.hpp"

using namespace joust;
using sim::pattern;
using sim::RingMemory;

namespace {

constexpr std::uint32_t kEpoch = 3;
constexpr std::uint64_t kLimit = 64ULL << 20;

RecordHeader header_of(std::uint64_t task) {
  RecordHeader header;
  header.task = task;
  header.epoch = kEpoch;
  header.type = static_cast<std::uint16_t>(MessageType::result);
  header.ordinal = 5;
  header.attempt = 1;
  return header;
}

// Sends through a ring that both sides use in turn.
void exchange(std::size_t capacity, std::size_t size) {
  CAPTURE(capacity);
  CAPTURE(size);
  RingMemory ring(capacity);
  RingWriter writer = ring.writer();
  MessageReceiver receiver(ring.reader(), kEpoch, kLimit);
  MessageSender sender;
  const std::string payload = pattern(size, size);
  RecordHeader header;
  for (std::uint64_t task = 0; task < 2; ++task) {
    sender.start(header_of(task), payload);
    auto outcome = MessageReceiver::Outcome::empty;
    while (outcome != MessageReceiver::Outcome::message) {
      if (!sender.done()) REQUIRE(sender.pump(writer) != RingWriter::Outcome::corrupt);
      do {
        outcome = receiver.receive(header);
        REQUIRE(outcome != MessageReceiver::Outcome::corrupt);
      } while (outcome == MessageReceiver::Outcome::fragment);
    }
    CHECK(sender.done());
    CHECK(header.task == task);
    CHECK(receiver.payload() == payload);
  }
  CHECK(receiver.receive(header) == MessageReceiver::Outcome::empty);
}

// A sender that puts together its own records.
struct Hostile {
  explicit Hostile(std::uint64_t limit = kLimit) : receiver(ring.reader(), kEpoch, limit) {}

  MessageReceiver::Outcome send(Fragment kind, std::string_view payload,
                                RecordHeader header = header_of(1)) {
    header.fragment = static_cast<std::uint16_t>(kind);
    REQUIRE(writer.write(header, payload) == RingWriter::Outcome::written);
    writer.publish();
    RecordHeader received;
    return receiver.receive(received);
  }
  static std::string first(std::uint64_t total, std::string_view bytes) {
    std::string payload;
    put_number(payload, total);
    return payload.append(bytes);
  }

  RingMemory ring{kMinRingCapacity};
  RingWriter writer = ring.writer();
  MessageReceiver receiver;
};

using Outcome = MessageReceiver::Outcome;

}  // namespace

TEST_CASE("messages of every size about the limits of a record arrive") {
  const std::size_t largest = max_inline_payload(kMinRingCapacity);
  for (std::size_t size = largest - 2; size <= largest + 2; ++size)
    exchange(kMinRingCapacity, size);
  for (std::size_t size = 2 * largest - 10; size <= 2 * largest + 2; ++size) {
    exchange(kMinRingCapacity, size);
  }
  exchange(kMinRingCapacity, 0);
  exchange(kMinRingCapacity, 1);
}

TEST_CASE("a message of 64 MiB goes through the smallest ring") {
  exchange(kMinRingCapacity, kLimit);
}

TEST_CASE("a message of 64 MiB goes through the default ring") { exchange(1U << 20, kLimit); }

TEST_CASE("a record of another epoch is refused") {
  Hostile sender;
  RecordHeader header = header_of(1);
  header.epoch = kEpoch - 1;
  CHECK(sender.send(Fragment::whole, "late", header) == Outcome::corrupt);
  CHECK(std::string(sender.receiver.what()).find("epoch") != std::string::npos);
}

TEST_CASE("a wrong checksum is refused in every kind of record") {
  Hostile sender;
  auto kind = Fragment::whole;
  std::string payload = "a world's result";
  SUBCASE("whole") {}
  SUBCASE("first") {
    kind = Fragment::first;
    payload = Hostile::first(100, "abc");
  }
  SUBCASE("last") {
    REQUIRE(sender.send(Fragment::first, Hostile::first(20, "abcd")) == Outcome::fragment);
    kind = Fragment::last;
  }
  RecordHeader header = header_of(1);
  header.fragment = static_cast<std::uint16_t>(kind);
  const std::uint64_t at = sender.ring.tail;
  REQUIRE(sender.writer.write(header, payload) == RingWriter::Outcome::written);
  sender.writer.publish();
  sender.ring.bytes[at + sizeof(RecordHeader) + 9] ^= std::byte{4};
  RecordHeader received;
  CHECK(sender.receiver.receive(received) == Outcome::corrupt);
}

TEST_CASE("an unknown kind of fragment is refused") {
  Hostile sender;
  CHECK(sender.send(static_cast<Fragment>(4), "x") == Outcome::corrupt);
}

TEST_CASE("a fragment without its beginning is refused") {
  Hostile sender;
  SUBCASE("middle") { CHECK(sender.send(Fragment::middle, "x") == Outcome::corrupt); }
  SUBCASE("last") { CHECK(sender.send(Fragment::last, "x") == Outcome::corrupt); }
}

TEST_CASE("a message that begins inside another is refused") {
  Hostile sender;
  REQUIRE(sender.send(Fragment::first, Hostile::first(100, "abc")) == Outcome::fragment);
  SUBCASE("first") {
    CHECK(sender.send(Fragment::first, Hostile::first(100, "abc")) == Outcome::corrupt);
  }
  SUBCASE("whole") { CHECK(sender.send(Fragment::whole, "abc") == Outcome::corrupt); }
}

TEST_CASE("an announced size that cannot be is refused") {
  Hostile sender(1000);
  std::string payload;
  SUBCASE("none") { payload = Hostile::first(0, ""); }
  SUBCASE("over the limit") { payload = Hostile::first(1001, "abc"); }
  SUBCASE("as large as numbers go") { payload = Hostile::first(UINT64_MAX, "abc"); }
  SUBCASE("smaller than what comes with it") { payload = Hostile::first(2, "abc"); }
  SUBCASE("no more than what comes with it") { payload = Hostile::first(3, "abc"); }
  SUBCASE("cut off") { payload = "1234567"; }
  CHECK(sender.send(Fragment::first, payload) == Outcome::corrupt);
}

TEST_CASE("a message of exactly the limit is taken") {
  Hostile sender(6);
  REQUIRE(sender.send(Fragment::first, Hostile::first(6, "abc")) == Outcome::fragment);
  REQUIRE(sender.send(Fragment::last, "def") == Outcome::message);
  CHECK(sender.receiver.payload() == "abcdef");
}

TEST_CASE("a message that is shorter or longer than announced is refused") {
  Hostile sender;
  REQUIRE(sender.send(Fragment::first, Hostile::first(6, "abc")) == Outcome::fragment);
  SUBCASE("last comes early") { CHECK(sender.send(Fragment::last, "de") == Outcome::corrupt); }
  SUBCASE("last is too long") { CHECK(sender.send(Fragment::last, "defg") == Outcome::corrupt); }
  SUBCASE("middle is too long") {
    CHECK(sender.send(Fragment::middle, "defg") == Outcome::corrupt);
  }
}

TEST_CASE("a fragment of another message is refused") {
  Hostile sender;
  REQUIRE(sender.send(Fragment::first, Hostile::first(6, "abc")) == Outcome::fragment);
  RecordHeader header = header_of(1);
  SUBCASE("another task") { header.task = 2; }
  SUBCASE("another lease") { header.ordinal = 6; }
  SUBCASE("another attempt") { header.attempt = 2; }
  SUBCASE("another type") { header.type = static_cast<std::uint16_t>(MessageType::failure); }
  CHECK(sender.send(Fragment::last, "def", header) == Outcome::corrupt);
}

TEST_CASE("a sender that dies between two fragments has sent nothing") {
  Hostile sender;
  REQUIRE(sender.send(Fragment::first, Hostile::first(6, "abc")) == Outcome::fragment);
  RecordHeader header;
  CHECK(sender.receiver.receive(header) == Outcome::empty);
}

TEST_CASE(
    "space is given back record by record, or a large message could never pass a small ring") {
  Hostile sender;
  REQUIRE(sender.send(Fragment::whole, "abc") == Outcome::message);
  CHECK(sender.ring.head == sender.ring.tail);
}
