// A worker that tells the supervisor whatever it likes, in well-formed records: results for worlds
// it was not given, twice, before it was ready, failures with strange causes. Nothing may be
// counted that the worker did not hold, nor twice; and the core must stay of one mind with itself.
//
// Input: records of 6 bytes (type and fragment, ordinal, task, attempt, payload's length, time that
// passes), each followed by its payload. The highest bit of the first byte asks for the payload of
// a good result instead, which no guessing would find.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <set>
#include <variant>

#include "common/bytes.hpp"
#include "common/messages.hpp"
#include "common/result_codec.hpp"
#include "runner/core/pool.hpp"
#include "runner/os/worker_message.hpp"

namespace {

using namespace joust;

constexpr std::uint64_t kTasks = 12;
constexpr std::uint32_t kSeats = 2;
constexpr std::size_t kRecord = 6;
constexpr std::uint64_t kLargest = 512;
constexpr std::uint32_t kEpoch = 1;  // of the first worker
constexpr std::uint8_t kGoodResult = 0x80;

const std::string& good_result() {
  static const std::string result = [] {
    std::string bytes;
    put_number(bytes, std::uint64_t{1'000'000});
    WorldResult good;
    good.seats.resize(kSeats);
    encode_result(good, bytes);
    return bytes;
  }();
  return result;
}

// One worker, and what it holds.
class Table {
 public:
  Table() : pool_(options(), kTasks, {}) {
    pool_.start(now_, actions_);
    obey();
  }

  void hear(const RecordHeader& header, std::string_view payload, Duration later) {
    now_ += later;
    pool_.begin_turn(now_);
    if (writer_.write(header, payload) != RingWriter::Outcome::written) std::abort();
    writer_.publish();
    RecordHeader received;
    const auto outcome = receiver_.receive(received);
    if (outcome == MessageReceiver::Outcome::corrupt) {
      pool_.handle(core::ProtocolBroken{worker_, receiver_.what()}, now_, actions_);
    } else if (outcome == MessageReceiver::Outcome::message) {
      std::visit([this](const auto& message) { take(message); },
                 os::read_worker_message(worker_, received, receiver_.payload(), kSeats));
    }
    receiver_.ring().release();
    pool_.end_turn(now_, actions_);
    obey();
  }
  bool over() const { return pool_.finished() || gone_; }

 private:
  static PoolOptions options() {
    PoolOptions options;
    options.workers = 1;
    options.attempts = 2;
    return options;
  }

  template <class Event>
  void take(const Event& event) {
    pool_.handle(event, now_, actions_);
  }
  void take(const os::ClaimedResult& result) {
    if (!pool_.accept(result.claim, now_, actions_)) return;
    const auto lease = held_.find(result.claim.ordinal);
    const bool holds_it = lease != held_.end() && lease->second.task == result.claim.task &&
                          lease->second.attempt == result.claim.attempt;
    if (!holds_it || !counted_.insert(result.claim.task).second) std::abort();
  }

  void obey() {
    for (std::size_t i = 0; i < actions_.size(); ++i) {
      const core::Action action = actions_[i];
      if (const auto* spawn = std::get_if<core::Spawn>(&action)) worker_ = spawn->worker;
      if (const auto* give = std::get_if<core::Give>(&action)) {
        if (counted_.contains(give->task)) std::abort();
        held_.emplace(give->ordinal, *give);
      }
      const bool ends = std::holds_alternative<core::Kill>(action) ||
                        std::holds_alternative<core::Terminate>(action);
      if (ends) gone_ = true;
    }
    actions_.clear();
    if (pool_.counts().done != counted_.size()) std::abort();
    if (pool_.finished() && pool_.next_deadline() != kNever) std::abort();
  }

  alignas(64) std::array<std::byte, kMinRingCapacity> ring_{};
  std::atomic<std::uint64_t> head_{0};
  std::atomic<std::uint64_t> tail_{0};
  RingWriter writer_{ring_, tail_, head_};
  core::Pool pool_;
  core::WorkerId worker_;
  MessageReceiver receiver_{RingReader(ring_, head_, tail_), kEpoch, kLargest};
  core::Actions actions_;
  TimePoint now_ = TimePoint{} + std::chrono::hours(1);
  std::map<LeaseOrdinal, core::Give> held_;
  std::set<TaskIndex> counted_;
  bool gone_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Table table;
  while (size >= kRecord && !table.over()) {
    RecordHeader header;
    header.epoch = kEpoch;
    header.type = data[0] & 0xF;
    header.fragment = static_cast<std::uint16_t>(data[0] >> 4 & 0x7);
    header.ordinal = data[1];
    header.task = data[2];
    header.attempt = data[3];
    const std::size_t length = std::min<std::size_t>(data[4], size - kRecord);
    const Duration later = std::chrono::milliseconds(data[5]) * data[5];
    const std::string_view payload(reinterpret_cast<const char*>(data) + kRecord, length);
    table.hear(header, (data[0] & kGoodResult) != 0 ? good_result() : payload, later);
    data += kRecord + length;
    size -= kRecord + length;
  }
  return 0;
}
