#pragma once
// A ring of records in shared memory: one producer, one consumer, each in its own process. This
// file is about bytes only; who maps what, and who wakes whom, is channel_layout.hpp's matter.
//
// The data area is `capacity` bytes, a power of two. Positions are 64-bit byte counts that only
// grow; a position's place is position mod capacity. A record is a 32-byte header and its payload,
// contiguous, padded to a multiple of 32. Where a record would cross the end, a PAD header fills
// the rest. The producer publishes by storing `tail`, once for as many records as it likes; what
// lies behind the tail does not exist, so a producer that dies half-way through a record has
// written nothing.
//
//     offset  0  u32 length of the payload, or kPad
//             4  u32 CRC-32C of bytes 8..32 and the payload
//             8  u64 task
//            16  u32 epoch
//            20  u16 type      (messages.hpp)
//            22  u16 fragment  (messages.hpp)
//            24  u32 ordinal of the lease
//            28  u32 attempt
//
// Benefits: no lock, nothing to repair, any length of record up to a quarter of the ring.
// Downsides: one pair only; a slow consumer stalls its producer.
//
// Both classes distrust the other side: positions and headers are copied once and checked against
// the capacity before use. Neither is thread safe; each belongs to one thread.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace joust {

struct RecordHeader {
  std::uint32_t length = 0;
  std::uint32_t crc = 0;
  std::uint64_t task = 0;
  std::uint32_t epoch = 0;
  std::uint16_t type = 0;
  std::uint16_t fragment = 0;
  std::uint32_t ordinal = 0;
  std::uint32_t attempt = 0;
};
static_assert(sizeof(RecordHeader) == 32);

inline constexpr std::uint32_t kPad = 0xFFFFFFFFU;
inline constexpr std::size_t kRecordAlignment = 32;
inline constexpr std::size_t kMaxInlinePayload = 256U << 10;
inline constexpr std::size_t kMinRingCapacity = 4096;

// The CRC that belongs into `header` for this payload (the header's own crc field is not covered).
std::uint32_t record_crc(const RecordHeader& header, std::string_view payload);

// The largest payload of one record in a ring of that capacity.
constexpr std::size_t max_inline_payload(std::size_t capacity) {
  const std::size_t quarter = capacity / 4 - sizeof(RecordHeader);
  return quarter < kMaxInlinePayload ? quarter : kMaxInlinePayload;
}

class RingWriter {
 public:
  enum class Outcome { written, full, corrupt };

  // `tail` is ours to store, `head` the consumer's. REQUIRES: data.size() is a power of two and at
  // least kMinRingCapacity; the ring is empty; all outlive the writer.
  RingWriter(std::span<std::byte> data, std::atomic<std::uint64_t>& tail,
             const std::atomic<std::uint64_t>& head);

  // Writes a record behind the tail; length and crc of the header are filled in. It is invisible
  // until publish(). `corrupt`: the consumer's head makes no sense. REQUIRES: the payload is at
  // most max_inline_payload(capacity).
  Outcome write(RecordHeader header, std::string_view payload);

  // Makes everything written so far visible.
  void publish() { tail_word_->store(tail_, std::memory_order_release); }

  // Whether the consumer has moved since write() last looked. To be asked between storing a sleep
  // word (and a fence) and blocking for space.
  bool space_grew() const { return head_word_->load(std::memory_order_acquire) != seen_head_; }

  std::size_t capacity() const { return data_.size(); }

 private:
  void put(std::uint64_t position, const RecordHeader& header, std::string_view payload);

  std::span<std::byte> data_;
  std::atomic<std::uint64_t>* tail_word_;
  const std::atomic<std::uint64_t>* head_word_;
  std::uint64_t tail_ = 0;
  std::uint64_t seen_head_ = 0;
};

class RingReader {
 public:
  enum class Outcome { record, empty, corrupt };

  // `head` is ours to store, `tail` the producer's. REQUIRES: as for RingWriter.
  RingReader(std::span<const std::byte> data, std::atomic<std::uint64_t>& head,
             const std::atomic<std::uint64_t>& tail);

  // Looks at the next record, whose header is copied out; its geometry has been checked, its CRC
  // not.
  Outcome peek(RecordHeader& header);

  // Appends the payload of the record just peeked to `out` and moves past it. False when the CRC is
  // wrong. The space is the producer's again after release().
  bool take(const RecordHeader& header, std::string& out);

  // Gives the space of everything taken back to the producer.
  void release() { head_word_->store(head_, std::memory_order_release); }

  // Whether the producer has published something that was not taken. Looks at the shared tail anew.
  bool has_more() const { return tail_word_->load(std::memory_order_acquire) != head_; }

 private:
  bool look_at_tail();  // false: it is impossible

  std::span<const std::byte> data_;
  std::atomic<std::uint64_t>* head_word_;
  const std::atomic<std::uint64_t>* tail_word_;
  std::uint64_t head_ = 0;
  std::uint64_t seen_tail_ = 0;
};

}  // namespace joust
