#pragma once
// The supervisor's end of a channel (common/channel_layout.hpp tells the protocol). One per worker
// and epoch, never reused. Used by one thread.

#include <string>
#include <string_view>

#include "common/channel_layout.hpp"
#include "common/mapping.hpp"
#include "common/messages.hpp"
#include "common/unique_fd.hpp"

namespace joust::os {

struct ChannelOptions {
  Epoch epoch = 0;
  std::uint64_t capacity = 0;     // of each ring, bytes; a power of two
  std::uint64_t max_message = 0;  // bytes of one encoded result
};

// Memory for one channel, all of it reserved. Reserving takes longer than all else that a new
// channel needs (0.4 of 0.5 ms for rings of 1 MiB), so it may be done before the channel is wanted.
struct ChannelMemory {
  // Throws std::system_error that names the step.
  static ChannelMemory reserve(std::uint64_t capacity);
  UniqueFd supervisor;
  UniqueFd worker;
};

// The worker's descriptors, in the order of kSupervisorMemoryFd and following.
struct ChannelFds {
  int supervisor_memory;
  int worker_memory;
  int task_bell;
  int result_bell;
};

class ChannelHost {
 public:
  // Takes and seals memory that was reserved for options.capacity and never used. Throws
  // std::system_error that names the step.
  static ChannelHost create(const ChannelOptions& options, ChannelMemory memory);
  static ChannelHost create(const ChannelOptions& options) {
    return create(options, ChannelMemory::reserve(options.capacity));
  }

  ChannelFds fds() const;
  // The worker has its own copies now: drops the descriptors of memory (the mappings stay).
  void close_memory_fds();
  int result_bell() const { return result_bell_.get(); }

  // Begins to send the brief, which must stay valid until brief_sent(). Continued by flush().
  void send_brief(std::string_view brief);
  bool brief_sent() const { return sender_.done(); }

  // Puts a task into the ring; the worker sees it after flush(). False: the ring is full or the
  // worker's position in it is impossible, which no honest worker brings about.
  bool give(LeaseOrdinal ordinal, TaskIndex task, AttemptNumber attempt);

  // Publishes what was given and freed, and wakes the worker where it waits for that. False: the
  // worker's position in the task ring is impossible.
  bool flush();

  // Takes at most one record out of the result ring.
  MessageReceiver::Outcome receive(RecordHeader& header);
  std::string_view payload() const { return results_.payload(); }
  const char* what_is_wrong() const { return results_.what(); }
  std::uint64_t messages_received() const { return messages_received_; }

  // Going to sleep: asks for a ring once `messages` messages were sent. False: there is something
  // to take already; do not sleep.
  bool arm(std::uint64_t messages);
  // Awake: no rings, please.
  void disarm();

  void ask_to_stop();
  std::uint64_t progress() const { return load(peer().progress); }
  std::uint64_t step() const { return load(peer().step); }

  // A copy of what the worker's crash handler has left, empty if nothing. The worker may have put
  // any bytes there, at most kBlackBoxText.
  std::string black_box() const;

 private:
  ChannelHost(const ChannelOptions& options, UniqueFd own_memory, UniqueFd peer_memory,
              UniqueFd task_bell, UniqueFd result_bell);
  SupervisorPage& own() const { return *reinterpret_cast<SupervisorPage*>(own_map_.data()); }
  const WorkerPage& peer() const { return *reinterpret_cast<const WorkerPage*>(peer_map_.data()); }
  static std::uint64_t load(const ChannelWord& word) {
    return word.value.load(std::memory_order_acquire);
  }

  UniqueFd own_memory_;
  UniqueFd peer_memory_;
  UniqueFd task_bell_;
  UniqueFd result_bell_;
  Mapping own_map_;
  Mapping peer_map_;
  const std::byte* black_box_;  // within peer_map_
  Epoch epoch_;
  RingWriter tasks_;
  MessageSender sender_;
  MessageReceiver results_;
  std::uint64_t messages_received_ = 0;
  bool given_ = false;  // a task or a piece of the brief, since the last flush
  bool freed_ = false;  // space in the result ring, since the last flush
};

}  // namespace joust::os
