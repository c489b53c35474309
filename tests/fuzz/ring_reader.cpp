// The supervisor reads a ring whose every byte is the worker's: positions, headers, fragments.
// While it reads, a second thread goes on scribbling, as a worker out of its mind would. The reader
// may refuse; it must not touch anything beyond the ring, nor read for ever, nor hand out a message
// that is too large.
//
// Input: a byte of options, 2 bytes that tell by how much the tail grows (in units of records),
// then what is put into the ring where the reader is; the rest of the ring is zeros. That is read
// several times, each time from where the reader came to, as in a ring that goes round. With option
// 1 the checksums are put right, which no guessing would do.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <span>
#include <thread>

#include "common/messages.hpp"

namespace {

using namespace joust;

constexpr std::size_t kCapacity = 4096;
constexpr std::uint64_t kLargest = 2 * kCapacity;
constexpr std::uint32_t kEpoch = 1;
constexpr std::uint8_t kMendChecksums = 1;
constexpr int kRounds = 8;

alignas(64) std::array<std::byte, kCapacity> ring;

// Flips bits of the ring, one after another, while it is active.
class Scribbler {
 public:
  Scribbler() : thread_([this] { scribble(); }) {}
  ~Scribbler() {
    over_ = true;
    thread_.join();
  }
  Scribbler(const Scribbler&) = delete;
  Scribbler& operator=(const Scribbler&) = delete;

  // When it returns from stopping, the ring is left alone.
  void activate(bool active) {
    const std::lock_guard lock(mutex_);
    active_ = active;
  }

 private:
  void scribble() {
    std::uint64_t state = 1;
    while (!over_) {
      std::this_thread::yield();
      const std::lock_guard lock(mutex_);
      for (int i = 0; i < 16 && active_; ++i) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const std::atomic_ref<std::byte> place(ring[(state >> 33) % kCapacity]);
        place.store(
            place.load(std::memory_order_relaxed) ^ static_cast<std::byte>(1U << (state >> 61)),
            std::memory_order_relaxed);
      }
    }
  }
  std::mutex mutex_;
  bool active_ = false;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

void fill(std::uint64_t position, std::span<const std::uint8_t> content) {
  ring.fill(std::byte{0});
  for (const std::uint8_t byte : content) ring[position++ % kCapacity] = std::byte{byte};
}

// Of the records from this position to the end of the ring.
void mend_checksums(std::uint64_t position) {
  for (std::size_t offset = position % kCapacity; offset + sizeof(RecordHeader) <= kCapacity;) {
    RecordHeader header;
    std::memcpy(&header, ring.data() + offset, sizeof header);
    const std::size_t room = kCapacity - offset - sizeof header;
    const bool is_pad = header.length == kPad;
    if (!is_pad && header.length > room) return;
    const auto* payload = reinterpret_cast<const char*>(ring.data()) + offset + sizeof header;
    header.epoch = kEpoch;
    header.crc = record_crc(header, {payload, is_pad ? 0 : header.length});
    std::memcpy(ring.data() + offset, &header, sizeof header);
    if (is_pad) return;
    offset += (sizeof header + header.length + kRecordAlignment - 1) / kRecordAlignment *
              kRecordAlignment;
  }
}

// Whether the reader goes on.
bool read_all(MessageReceiver& receiver) {
  RecordHeader header;
  // each record takes at least its header: more than this many would be a loop
  for (std::size_t i = 0; i <= kCapacity / sizeof(RecordHeader) + 1; ++i) {
    const auto outcome = receiver.receive(header);
    if (outcome == MessageReceiver::Outcome::empty) return true;
    if (outcome == MessageReceiver::Outcome::corrupt) return false;
    if (outcome == MessageReceiver::Outcome::message && receiver.payload().size() > kLargest) break;
  }
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Scribbler scribbler;
  constexpr std::size_t kPrefix = 3;
  if (size < kPrefix) return 0;
  const std::uint64_t growth = (data[1] + std::uint64_t{256} * data[2]) * kRecordAlignment;
  const std::size_t length = std::min(size - kPrefix, kCapacity);
  for (const bool disturbed : {false, true}) {
    std::atomic<std::uint64_t> tail{0};
    std::atomic<std::uint64_t> head{0};
    MessageReceiver receiver(RingReader(ring, head, tail), kEpoch, kLargest);
    bool goes_on = true;
    for (int round = 0; round < kRounds && goes_on; ++round) {
      fill(head, {data + kPrefix, length});
      if ((data[0] & kMendChecksums) != 0) mend_checksums(head);
      tail += growth;
      scribbler.activate(disturbed);
      goes_on = read_all(receiver);
      scribbler.activate(false);
      receiver.ring().release();
    }
  }
  return 0;
}
