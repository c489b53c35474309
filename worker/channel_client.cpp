#include "worker/channel_client.hpp"

#include <fmt/format.h>

#include "common/bell.hpp"

namespace joust::worker {
namespace {

// A finished world never waits longer than this for the supervisor to hear of it.
constexpr Duration kLongestUnrung = std::chrono::milliseconds(2);

void check(const SupervisorPage& page) {
  if (page.magic != kChannelMagic || page.version != kChannelVersion) {
    throw ChannelBroken(fmt::format(
        "descriptor {} is not a joust channel of version {}: joust-worker is started by joust only",
        kSupervisorMemoryFd, kChannelVersion));
  }
}

}  // namespace

Mapping ChannelClient::map_supervisor(int fd) {
  const Mapping head(fd, kChannelPage, Mapping::Access::read_only);
  const auto& page = *reinterpret_cast<const SupervisorPage*>(head.data());
  check(page);
  return {fd, supervisor_memory_size(page.capacity), Mapping::Access::read_only};
}

ChannelClient::ChannelClient(int supervisor_memory, int worker_memory, int task_bell,
                             int result_bell)
    : supervisor_memory_(map_supervisor(supervisor_memory)),
      worker_memory_(worker_memory, worker_memory_size(page().capacity),
                     Mapping::Access::read_write),
      task_bell_(task_bell),
      result_bell_(result_bell),
      epoch_(page().epoch),
      tasks_(RingReader({supervisor_memory_.data() + kChannelPage, page().capacity},
                        own().task_head.value, page().task_tail.value),
             page().epoch, UINT64_MAX),
      results_({worker_memory_.data() + kChannelPage, page().capacity}, own().result_tail.value,
               page().result_head.value) {}

void ChannelClient::sleep(Sleep reason) {
  if (unrung_) {
    unrung_ = false;
    played_unrung_ = Duration::zero();
    ring_bell(result_bell_);
  }
  own().sleeping.value.store(static_cast<std::uint64_t>(reason), std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const bool must_not_sleep = reason == Sleep::for_tasks
                                  ? tasks_.ring().has_more() || stop_requested()
                                  : results_.space_grew();
  if (!must_not_sleep) wait_for_bell(task_bell_);
  own().sleeping.value.store(static_cast<std::uint64_t>(Sleep::awake), std::memory_order_relaxed);
}

MessageReceiver::Outcome ChannelClient::receive(RecordHeader& header) {
  const auto outcome = tasks_.receive(header);
  if (outcome == MessageReceiver::Outcome::corrupt) {
    throw ChannelBroken(fmt::format("the supervisor's messages make no sense: {}", tasks_.what()));
  }
  return outcome;
}

std::string ChannelClient::receive_brief() {
  RecordHeader header;
  while (true) {
    switch (receive(header)) {
      case MessageReceiver::Outcome::message:
        if (static_cast<MessageType>(header.type) != MessageType::brief) {
          throw ChannelBroken("the supervisor's first message is not a brief");
        }
        return std::string(tasks_.payload());
      case MessageReceiver::Outcome::empty:
        unrung_ = true;  // the supervisor may be waiting for space for the next piece
        sleep(Sleep::for_tasks);
        break;
      default:
        break;
    }
  }
}

bool ChannelClient::next_task(RecordHeader& task) {
  while (true) {
    if (stop_requested()) return false;
    if (receive(task) == MessageReceiver::Outcome::message) return true;
    set_phase(Phase::idle);
    sleep(Sleep::for_tasks);
  }
}

void ChannelClient::begin(const RecordHeader& task) {
  own().progress.value.store(static_cast<std::uint64_t>(task.ordinal) << 32,
                             std::memory_order_release);
  set_phase(Phase::playing);
}

void ChannelClient::report_progress(std::uint64_t step, std::uint64_t of) {
  // the count of beats must not run over into the ordinal above it
  const std::uint64_t before = own().progress.value.load(std::memory_order_relaxed);
  const std::uint64_t beats = (before + 1) & 0xFFFFFFFFU;
  own().progress.value.store((before & ~0xFFFFFFFFULL) | (beats == 0 ? 1 : beats),
                             std::memory_order_release);
  own().step.value.store(step << 32 | (of & 0xFFFFFFFFU), std::memory_order_relaxed);
}

void ChannelClient::set_phase(Phase phase) {
  own().phase.value.store(static_cast<std::uint64_t>(phase), std::memory_order_relaxed);
}

bool ChannelClient::stop_requested() const {
  return page().stop.value.load(std::memory_order_acquire) != static_cast<std::uint64_t>(Stop::no);
}

void ChannelClient::send(MessageType type, const RecordHeader& task, std::string_view payload,
                         Duration played) {
  set_phase(Phase::publishing);
  RecordHeader header;
  header.task = task.task;
  header.epoch = epoch_;
  header.type = static_cast<std::uint16_t>(type);
  header.ordinal = task.ordinal;
  header.attempt = task.attempt;
  sender_.start(header, payload);
  while (!sender_.done()) {
    const auto outcome = sender_.pump(results_);
    if (outcome == RingWriter::Outcome::corrupt) {
      throw ChannelBroken("the supervisor's position in the result ring is impossible");
    }
    unrung_ = true;
    if (outcome == RingWriter::Outcome::full) sleep(Sleep::for_space);
  }
  ++messages_sent_;
  ring_if_wanted(played);
}

void ChannelClient::ring_if_wanted(Duration played) {
  played_unrung_ += played;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const std::uint64_t wake_at = page().wake_at.value.load(std::memory_order_relaxed);
  if (wake_at == kAwake) return;
  if (messages_sent_ < wake_at && played_unrung_ < kLongestUnrung) return;
  unrung_ = false;
  played_unrung_ = Duration::zero();
  ring_bell(result_bell_);
}

}  // namespace joust::worker
