#include "common/ring.hpp"

#include <algorithm>
#include <cstring>

#include "common/crc32c.hpp"

namespace joust {
namespace {

constexpr std::size_t kCrcFrom = 8;  // the CRC covers the header from here on

constexpr std::uint64_t record_size(std::uint64_t payload) {
  return (sizeof(RecordHeader) + payload + kRecordAlignment - 1) & ~(kRecordAlignment - 1);
}

}  // namespace

std::uint32_t record_crc(const RecordHeader& header, std::string_view payload) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&header);
  const std::uint32_t crc = crc32c(0, bytes + kCrcFrom, sizeof(RecordHeader) - kCrcFrom);
  return crc32c(crc, payload.data(), payload.size());
}

RingWriter::RingWriter(std::span<std::byte> data, std::atomic<std::uint64_t>& tail,
                       const std::atomic<std::uint64_t>& head)
    : data_(data), tail_word_(&tail), head_word_(&head) {}

RingWriter::Outcome RingWriter::write(RecordHeader header, std::string_view payload) {
  const std::uint64_t capacity = data_.size();
  const std::uint64_t size = record_size(payload.size());
  const std::uint64_t until_end = capacity - (tail_ & (capacity - 1));
  const std::uint64_t needed = size <= until_end ? size : until_end + size;
  if (tail_ + needed - seen_head_ > capacity) {
    const std::uint64_t head = head_word_->load(std::memory_order_acquire);
    if (head < seen_head_ || head > tail_ || head % kRecordAlignment != 0) return Outcome::corrupt;
    seen_head_ = head;
    if (tail_ + needed - seen_head_ > capacity) return Outcome::full;
  }
  if (size > until_end) {
    RecordHeader pad;
    pad.epoch = header.epoch;
    pad.crc = record_crc(pad, {});
    pad.length = kPad;
    put(tail_, pad, {});
    tail_ += until_end;
  }
  header.length = static_cast<std::uint32_t>(payload.size());
  header.crc = record_crc(header, payload);
  put(tail_, header, payload);
  tail_ += size;
  return Outcome::written;
}

void RingWriter::put(std::uint64_t position, const RecordHeader& header, std::string_view payload) {
  std::byte* place = data_.data() + (position & (data_.size() - 1));
  std::memcpy(place, &header, sizeof(header));
  if (!payload.empty()) std::memcpy(place + sizeof(header), payload.data(), payload.size());
}

RingReader::RingReader(std::span<const std::byte> data, std::atomic<std::uint64_t>& head,
                       const std::atomic<std::uint64_t>& tail)
    : data_(data), head_word_(&head), tail_word_(&tail) {}

bool RingReader::look_at_tail() {
  const std::uint64_t tail = tail_word_->load(std::memory_order_acquire);
  if (tail < head_ || tail - head_ > data_.size() || tail % kRecordAlignment != 0) return false;
  seen_tail_ = tail;
  return true;
}

RingReader::Outcome RingReader::peek(RecordHeader& header) {
  const std::uint64_t capacity = data_.size();
  while (true) {
    if (head_ == seen_tail_ && !look_at_tail()) return Outcome::corrupt;
    if (head_ == seen_tail_) return Outcome::empty;
    const std::uint64_t offset = head_ & (capacity - 1);
    std::memcpy(&header, data_.data() + offset, sizeof(header));
    const std::uint64_t until_end = capacity - offset;
    const std::uint64_t published = seen_tail_ - head_;
    if (header.length != kPad) {
      const bool fits = record_size(header.length) <= std::min(until_end, published);
      return fits ? Outcome::record : Outcome::corrupt;
    }
    // a PAD is only ever followed by a record, and fills the ring to its end
    const bool is_pad = until_end < published && header.crc == record_crc(header, {});
    if (!is_pad) return Outcome::corrupt;
    head_ += until_end;
  }
}

bool RingReader::take(const RecordHeader& header, std::string& out) {
  const std::uint64_t offset = head_ & (data_.size() - 1);
  const std::size_t before = out.size();
  // copied first and checked afterwards: the other side could change the bytes in between
  out.append(reinterpret_cast<const char*>(data_.data()) + offset + sizeof(RecordHeader),
             header.length);
  head_ += record_size(header.length);
  return header.crc == record_crc(header, std::string_view(out).substr(before));
}

}  // namespace joust
