#include "runner/os/channel_host.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <system_error>

#include "common/bell.hpp"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace joust::os {
namespace {

[[noreturn]] void fail(const char* step) {
  throw std::system_error(errno, std::generic_category(), step);
}

UniqueFd make_memory(const char* name, std::uint64_t size) {
  UniqueFd memory(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory) fail("cannot create shared memory");
  // reserved now: a page that cannot be had later would be a SIGBUS in whoever touches it
  if (::fallocate(memory.get(), 0, 0, static_cast<off_t>(size)) != 0) {
    fail("cannot reserve shared memory");
  }
  return memory;
}

UniqueFd need_bell(int flags) {
  UniqueFd bell = make_bell(flags);
  if (!bell) fail("cannot create an eventfd");
  return bell;
}

void seal(int fd, int seals) {
  if (::fcntl(fd, F_ADD_SEALS, seals) != 0) fail("cannot seal shared memory");
}

}  // namespace

ChannelMemory ChannelMemory::reserve(std::uint64_t capacity) {
  return {make_memory("joust-supervisor", supervisor_memory_size(capacity)),
          make_memory("joust-worker", worker_memory_size(capacity))};
}

ChannelHost ChannelHost::create(const ChannelOptions& options, ChannelMemory memory) {
  ChannelHost host(options, std::move(memory.supervisor), std::move(memory.worker), need_bell(0),
                   need_bell(EFD_NONBLOCK));
  // after our own writable mapping exists; the worker cannot get one any more
  seal(host.own_memory_.get(), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL);
  seal(host.peer_memory_.get(), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  return host;
}

ChannelHost::ChannelHost(const ChannelOptions& options, UniqueFd own_memory, UniqueFd peer_memory,
                         UniqueFd task_bell, UniqueFd result_bell)
    : own_memory_(std::move(own_memory)),
      peer_memory_(std::move(peer_memory)),
      task_bell_(std::move(task_bell)),
      result_bell_(std::move(result_bell)),
      own_map_(own_memory_.get(), supervisor_memory_size(options.capacity),
               Mapping::Access::read_write),
      peer_map_(peer_memory_.get(), worker_memory_size(options.capacity),
                Mapping::Access::read_only),
      black_box_(peer_map_.data() + kChannelPage + options.capacity),
      epoch_(options.epoch),
      tasks_({own_map_.data() + kChannelPage, options.capacity}, own().task_tail.value,
             peer().task_head.value),
      results_(RingReader({peer_map_.data() + kChannelPage, options.capacity},
                          own().result_head.value, peer().result_tail.value),
               options.epoch, options.max_message + sizeof(std::uint64_t)) {
  SupervisorPage& page = own();
  page.magic = kChannelMagic;
  page.version = kChannelVersion;
  page.epoch = options.epoch;
  page.capacity = options.capacity;
  page.max_message = options.max_message;
  page.wake_at.value.store(kAwake, std::memory_order_relaxed);
}

ChannelFds ChannelHost::fds() const {
  return {own_memory_.get(), peer_memory_.get(), task_bell_.get(), result_bell_.get()};
}

void ChannelHost::close_memory_fds() {
  own_memory_.reset();
  peer_memory_.reset();
}

void ChannelHost::send_brief(std::string_view brief) {
  RecordHeader header;
  header.epoch = epoch_;
  header.type = static_cast<std::uint16_t>(MessageType::brief);
  sender_.start(header, brief);
  given_ = true;
}

bool ChannelHost::give(LeaseOrdinal ordinal, TaskIndex task, AttemptNumber attempt) {
  RecordHeader header;
  header.task = task;
  header.epoch = epoch_;
  header.type = static_cast<std::uint16_t>(MessageType::task);
  header.ordinal = ordinal;
  header.attempt = attempt;
  given_ = true;
  return tasks_.write(header, {}) == RingWriter::Outcome::written;
}

bool ChannelHost::flush() {
  if (!sender_.done()) {
    if (sender_.pump(tasks_) == RingWriter::Outcome::corrupt) return false;
    given_ = true;
  }
  if (!given_ && !freed_) return true;
  tasks_.publish();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  const auto sleep = static_cast<Sleep>(load(peer().sleeping));
  if ((given_ && sleep == Sleep::for_tasks) || (freed_ && sleep == Sleep::for_space)) {
    ring_bell(task_bell_.get());
  }
  given_ = false;
  freed_ = false;
  return true;
}

MessageReceiver::Outcome ChannelHost::receive(RecordHeader& header) {
  const auto outcome = results_.receive(header);
  if (outcome == MessageReceiver::Outcome::message) ++messages_received_;
  if (outcome != MessageReceiver::Outcome::empty) freed_ = true;
  return outcome;
}

bool ChannelHost::arm(std::uint64_t messages) {
  own().wake_at.value.store(messages, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return !results_.ring().has_more();
}

void ChannelHost::disarm() { own().wake_at.value.store(kAwake, std::memory_order_relaxed); }

void ChannelHost::ask_to_stop() {
  own().stop.value.store(static_cast<std::uint64_t>(Stop::drain), std::memory_order_release);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (static_cast<Sleep>(load(peer().sleeping)) != Sleep::awake) ring_bell(task_bell_.get());
}

std::string ChannelHost::black_box() const {
  const auto& head = *reinterpret_cast<const BlackBoxHead*>(black_box_);
  const std::uint64_t said = head.size.load(std::memory_order_acquire);
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(said, kBlackBoxText));
  return {reinterpret_cast<const char*>(black_box_) + sizeof(BlackBoxHead), size};
}

}  // namespace joust::os
