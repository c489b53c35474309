// The ring over plain bytes, with every half-written and hostile state built by hand.

#include "common/ring.hpp"

#include <doctest/doctest.h>

#include "../support/sim_random.hpp"
#include "../support/sim_ring.hpp"

using namespace joust;
using sim::pattern;
using sim::RingMemory;

namespace {

constexpr std::size_t kSmall = kMinRingCapacity;

RecordHeader numbered(std::uint64_t number) {
  RecordHeader header;
  header.task = number;
  header.epoch = 7;
  header.type = 4;
  header.ordinal = static_cast<std::uint32_t>(number);
  header.attempt = 1;
  return header;
}

// Takes one record and checks all of it.
void expect_record(RingReader& reader, std::uint64_t number, const std::string& payload) {
  RecordHeader header;
  REQUIRE(reader.peek(header) == RingReader::Outcome::record);
  CHECK(header.task == number);
  CHECK(header.epoch == 7);
  std::string taken;
  REQUIRE(reader.take(header, taken));
  CHECK(taken == payload);
  reader.release();
}

RecordHeader valid(const std::string& payload) {
  RecordHeader header = numbered(1);
  header.length = static_cast<std::uint32_t>(payload.size());
  header.crc = record_crc(header, payload);
  return header;
}

RingReader::Outcome peek_once(RingMemory& ring) {
  RingReader reader = ring.reader();
  RecordHeader header;
  return reader.peek(header);
}

}  // namespace

TEST_CASE("what lies behind the tail does not exist") {
  RingMemory ring(kSmall);
  RingWriter writer = ring.writer();
  RingReader reader = ring.reader();
  REQUIRE(writer.write(numbered(1), "half a world") == RingWriter::Outcome::written);
  RecordHeader header;
  CHECK(reader.peek(header) == RingReader::Outcome::empty);
  CHECK(!reader.has_more());
  writer.publish();
  CHECK(reader.has_more());
  expect_record(reader, 1, "half a world");
  CHECK(reader.peek(header) == RingReader::Outcome::empty);
  CHECK(!reader.has_more());
}

TEST_CASE("records of every size survive at every place, across every wrap") {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{32}, std::size_t{33},
                           std::size_t{500}, max_inline_payload(kSmall)}) {
    for (std::uint64_t offset = 0; offset < kSmall; offset += kRecordAlignment) {
      CAPTURE(size);
      CAPTURE(offset);
      RingMemory ring(kSmall);
      RingWriter writer = ring.writer();
      RingReader reader = ring.reader();
      for (std::uint64_t at = 0; at < offset; at += sizeof(RecordHeader)) {
        REQUIRE(writer.write(numbered(at), {}) == RingWriter::Outcome::written);
        writer.publish();
        expect_record(reader, at, {});
      }
      const std::string payload = pattern(offset + size, size);
      for (std::uint64_t number = 0; number < 2; ++number) {
        REQUIRE(writer.write(numbered(number), payload) == RingWriter::Outcome::written);
      }
      writer.publish();
      expect_record(reader, 0, payload);
      expect_record(reader, 1, payload);
      CHECK(ring.head == ring.tail);
    }
  }
}

TEST_CASE("a full ring takes nothing until the consumer gives space back") {
  RingMemory ring(kSmall);
  RingWriter writer = ring.writer();
  RingReader reader = ring.reader();
  std::uint64_t written = 0;
  while (writer.write(numbered(written), pattern(written, 96)) == RingWriter::Outcome::written) {
    ++written;
  }
  CHECK(written == kSmall / 128);
  writer.publish();
  CHECK(!writer.space_grew());
  RecordHeader header;
  std::string payload;
  REQUIRE(reader.peek(header) == RingReader::Outcome::record);
  REQUIRE(reader.take(header, payload));
  CHECK(writer.write(numbered(9), pattern(9, 96)) == RingWriter::Outcome::full);
  reader.release();
  CHECK(writer.space_grew());
  CHECK(writer.write(numbered(written), pattern(written, 96)) == RingWriter::Outcome::written);
  writer.publish();
  for (std::uint64_t number = 1; number <= written; ++number) {
    expect_record(reader, number, pattern(number, 96));
  }
  CHECK(reader.peek(header) == RingReader::Outcome::empty);
}

TEST_CASE("a tail that cannot be is refused") {
  RingMemory ring(kSmall);
  SUBCASE("beyond the capacity") { ring.tail = kSmall + 32; }
  SUBCASE("far beyond") { ring.tail = UINT64_MAX - 31; }
  SUBCASE("not aligned") { ring.tail = 33; }
  CHECK(peek_once(ring) == RingReader::Outcome::corrupt);
}

TEST_CASE("a tail that goes backwards is refused") {
  RingMemory ring(kSmall);
  RingWriter writer = ring.writer();
  RingReader reader = ring.reader();
  REQUIRE(writer.write(numbered(1), "x") == RingWriter::Outcome::written);
  writer.publish();
  expect_record(reader, 1, "x");
  ring.tail = 32;
  RecordHeader header;
  CHECK(reader.peek(header) == RingReader::Outcome::corrupt);
}

TEST_CASE("a length that leads past the tail or past the ring's end is refused") {
  RingMemory ring(kSmall);
  RecordHeader header = numbered(1);
  ring.tail = kSmall;
  SUBCASE("past the tail") {
    header.length = 1;
    ring.tail = 32;
  }
  SUBCASE("past the end") { header.length = kSmall - 31; }
  SUBCASE("as large as numbers go") { header.length = kPad - 1; }
  ring.forge(0, header);
  CHECK(peek_once(ring) == RingReader::Outcome::corrupt);
}

TEST_CASE("a PAD where none can be is refused") {
  RingMemory ring(kSmall);
  RecordHeader pad = numbered(0);
  pad.crc = record_crc(pad, {});
  pad.length = kPad;
  SUBCASE("with nothing behind it") { ring.tail = 64; }
  SUBCASE("with nothing behind it, to the end") { ring.tail = kSmall; }
  SUBCASE("with a wrong checksum") {
    ring.tail = kSmall;
    ring.head = 0;
    pad.crc ^= 1;
  }
  ring.forge(0, pad);
  CHECK(peek_once(ring) == RingReader::Outcome::corrupt);
}

TEST_CASE("a PAD at the wrap is refused when its checksum is wrong") {
  RingMemory ring(kSmall);
  RingWriter writer = ring.writer();
  RingReader reader = ring.reader();
  for (std::uint64_t number = 0; number < 4; ++number) {  // up to 128 bytes before the end
    REQUIRE(writer.write(numbered(number), pattern(number, 960)) == RingWriter::Outcome::written);
    writer.publish();
    expect_record(reader, number, pattern(number, 960));
  }
  REQUIRE(writer.write(numbered(4), pattern(4, 500)) == RingWriter::Outcome::written);
  writer.publish();
  ring.bytes[4 * 992 + 16] ^= std::byte{1};
  RecordHeader header;
  CHECK(reader.peek(header) == RingReader::Outcome::corrupt);
}

TEST_CASE("no flipped bit in a record goes unnoticed") {
  const std::string payload = pattern(3, 40);
  const std::size_t bits = (sizeof(RecordHeader) + payload.size()) * 8;
  for (std::size_t bit = 0; bit < bits; ++bit) {
    CAPTURE(bit);
    RingMemory ring(kSmall);
    ring.forge(0, valid(payload), payload);
    ring.tail = 4 * 32;
    ring.bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    RingReader reader = ring.reader();
    RecordHeader header;
    const auto outcome = reader.peek(header);
    std::string taken;
    const bool accepted = outcome == RingReader::Outcome::record && reader.take(header, taken);
    CHECK(!accepted);
  }
}

TEST_CASE("a consumer's head that cannot be is noticed, and nothing is overwritten") {
  RingMemory ring(kSmall);
  RingWriter writer = ring.writer();
  while (writer.write(numbered(1), pattern(1, 96)) == RingWriter::Outcome::written) {
  }
  writer.publish();
  const auto before = ring.bytes;
  SUBCASE("ahead of the tail") { ring.head = kSmall + 32; }
  SUBCASE("not aligned") { ring.head = 130; }
  SUBCASE("as large as numbers go") { ring.head = UINT64_MAX; }
  CHECK(writer.write(numbered(2), pattern(2, 96)) == RingWriter::Outcome::corrupt);
  CHECK(ring.bytes == before);
}

TEST_CASE("a consumer's head that goes backwards is noticed") {
  RingMemory ring(kSmall);
  RingWriter writer = ring.writer();
  for (int i = 0; i < 32; ++i)
    REQUIRE(writer.write(numbered(1), pattern(1, 96)) == RingWriter::Outcome::written);
  ring.head = 128;
  REQUIRE(writer.write(numbered(1), pattern(1, 96)) == RingWriter::Outcome::written);
  ring.head = 0;
  CHECK(writer.write(numbered(1), pattern(1, 96)) == RingWriter::Outcome::corrupt);
}

TEST_CASE("random bytes and positions are read without a fault and without an end") {
  sim::Random random(1);
  std::uint64_t records = 0;
  for (int round = 0; round < 20'000; ++round) {
    RingMemory ring(kSmall);
    for (std::size_t at = 0; at < kSmall; at += 32) {
      RecordHeader header = numbered(random.next());
      header.length = random.percent(10) ? kPad : static_cast<std::uint32_t>(random.below(1200));
      header.crc = random.percent(50) ? record_crc(header, {}) : 0;
      ring.forge(at, header);
    }
    ring.tail = random.below(kSmall / 32 + 2) * 32;
    RingReader reader = ring.reader();
    RecordHeader header;
    std::string taken;
    for (int step = 0; step < 200; ++step) {
      if (reader.peek(header) != RingReader::Outcome::record) break;
      reader.take(header, taken);
      reader.release();
      ++records;
      REQUIRE(ring.head <= ring.tail);
    }
  }
  CHECK(records > 1000);
}
