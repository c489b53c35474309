#include "sim_supervisor.hpp"

#include <sys/eventfd.h>
#include <sys/mman.h>

#include <cerrno>
#include <system_error>

#include "common/bell.hpp"

namespace joust::sim {
namespace {

int memory_file(std::uint64_t size) {
  const int fd = ::memfd_create("channel", MFD_CLOEXEC);
  if (fd < 0 || ::ftruncate(fd, static_cast<off_t>(size)) != 0) {
    throw std::system_error(errno, std::generic_category(), "memfd");
  }
  return fd;
}

}  // namespace

HandSupervisor::HandSupervisor(std::uint64_t capacity, std::uint64_t max_message)
    : supervisor_fd_(memory_file(supervisor_memory_size(capacity))),
      worker_fd_(memory_file(worker_memory_size(capacity))),
      task_bell_(::eventfd(0, EFD_CLOEXEC)),
      result_bell_(::eventfd(0, EFD_CLOEXEC)),
      supervisor_map_(supervisor_fd_.get(), supervisor_memory_size(capacity),
                      Mapping::Access::read_write),
      worker_map_(worker_fd_.get(), worker_memory_size(capacity), Mapping::Access::read_write) {
  own().magic = kChannelMagic;
  own().version = kChannelVersion;
  own().epoch = kEpoch;
  own().capacity = capacity;
  own().max_message = max_message;
  own().wake_at.value = kAwake;
  tasks_ = std::make_unique<RingWriter>(
      std::span<std::byte>(supervisor_map_.data() + kChannelPage, capacity), own().task_tail.value,
      worker().task_head.value);
  results_ = std::make_unique<MessageReceiver>(
      RingReader({worker_map_.data() + kChannelPage, capacity}, own().result_head.value,
                 worker().result_tail.value),
      kEpoch, max_message);
}

void HandSupervisor::wake_worker() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const auto sleeping = worker().sleeping.value.load(std::memory_order_relaxed);
  if (sleeping != static_cast<std::uint64_t>(Sleep::awake)) ring_bell(task_bell_.get());
}

void HandSupervisor::send_brief(const std::string& brief) {
  RecordHeader header;
  header.epoch = kEpoch;
  header.type = static_cast<std::uint16_t>(MessageType::brief);
  MessageSender sender;
  sender.start(header, brief);
  while (!sender.done()) {
    const auto outcome = sender.pump(*tasks_);
    wake_worker();
    if (outcome == RingWriter::Outcome::full && !tasks_->space_grew()) {
      wait_for_bell(result_bell_.get());
    }
  }
}

bool HandSupervisor::give(TaskIndex task, LeaseOrdinal ordinal) {
  RecordHeader header;
  header.task = task;
  header.epoch = kEpoch;
  header.type = static_cast<std::uint16_t>(MessageType::task);
  header.ordinal = ordinal;
  header.attempt = 1;
  return tasks_->write(header, {}) == RingWriter::Outcome::written;
}

void HandSupervisor::publish_tasks() {
  tasks_->publish();
  wake_worker();
}

void HandSupervisor::ask_to_stop() {
  own().stop.value.store(static_cast<std::uint64_t>(Stop::drain), std::memory_order_release);
  wake_worker();
}

MessageReceiver::Outcome HandSupervisor::receive(RecordHeader& header) {
  const auto outcome = results_->receive(header);
  if (outcome != MessageReceiver::Outcome::empty) wake_worker();
  return outcome;
}

void HandSupervisor::sleep_until(std::uint64_t messages) {
  own().wake_at.value.store(messages, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!results_->ring().has_more()) {
    ++slept_;
    wait_for_bell(result_bell_.get());
  }
  own().wake_at.value.store(kAwake, std::memory_order_relaxed);
}

}  // namespace joust::sim
