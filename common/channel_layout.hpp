#pragma once
// The channel between the supervisor and one worker of one epoch: two shared memory files, each
// written by one side only and mapped read-only by the other, and two eventfds ("bells").
//
// No lock, queue or condition variable is shared: a process may die at any instruction, and a lock
// it held (or merely waited on) would be lost with it. A channel is never repaired or reused; the
// next worker gets a new one with the next epoch.
//
// Sleeping and waking. Whoever publishes does, in this order: store the position (release); full
// fence; read the peer's sleep word; ring the peer's bell if it asks for it. Whoever goes to sleep
// does: store the own sleep word; full fence; look at the peer's position again; block on the own
// bell. With either fence gone, both sides may look before they see each other's store, and the
// wake-up is lost.
//
// The worker's sleep word is `sleeping`. The supervisor's is `wake_at`: the number of messages sent
// in this epoch at which the worker rings. kAwake means "do not ring". Besides, the worker always
// rings before it blocks itself and when it has played for a millisecond since its last ring, so
// that no finished world waits behind a long one.
//
// Behind its ring the worker has a black box: room for the text that its crash handler leaves (see
// worker/crash_handler.hpp), which thereby outlives the worker without a file or a pipe.

#include <atomic>
#include <cstdint>

#include "common/ids.hpp"

namespace joust {

inline constexpr std::uint64_t kChannelMagic = 0x314E48435453554AULL;  // "JUSTCHN1"
inline constexpr std::uint32_t kChannelVersion = 2;
inline constexpr std::size_t kChannelPage = 4096;  // the words lie in front of the ring, in a page
inline constexpr std::size_t kBlackBox = 8192;     // bytes, behind the ring in the worker's memory
inline constexpr std::uint64_t kAwake = UINT64_MAX;

// Bytes of the two memory files of a channel whose rings hold `capacity` bytes.
constexpr std::uint64_t supervisor_memory_size(std::uint64_t capacity) {
  return kChannelPage + capacity;
}
constexpr std::uint64_t worker_memory_size(std::uint64_t capacity) {
  return kChannelPage + capacity + kBlackBox;
}

// Descriptor numbers that a worker finds its channel at.
inline constexpr int kSupervisorMemoryFd = 3;
inline constexpr int kWorkerMemoryFd = 4;
inline constexpr int kTaskBellFd = 5;    // the worker waits on it
inline constexpr int kResultBellFd = 6;  // the supervisor waits on it
inline constexpr int kFirstFreeFd = 7;

struct alignas(64) ChannelWord {
  std::atomic<std::uint64_t> value;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

enum class Sleep : std::uint64_t {
  awake = 0,
  for_tasks = 1,  // the task ring is empty
  for_space = 2,  // the result ring is full
};

enum class Stop : std::uint64_t {
  no = 0,
  drain = 1,  // finish the tasks in the ring that have begun, then exit
};

enum class Phase : std::uint64_t {
  starting = 0,
  idle = 1,
  playing = 2,
  publishing = 3,
  stopping = 4
};

// The first page of the supervisor's memory.
struct SupervisorPage {
  std::uint64_t magic;
  std::uint32_t version;
  Epoch epoch;
  std::uint64_t capacity;     // of each ring, bytes
  std::uint64_t max_message;  // bytes of one encoded result
  ChannelWord task_tail;
  ChannelWord result_head;
  ChannelWord wake_at;
  ChannelWord stop;
};

// The first page of the worker's memory.
struct WorkerPage {
  ChannelWord result_tail;
  ChannelWord task_head;
  ChannelWord sleeping;
  // Upper half: ordinal of the lease that has begun most recently; lower half: how often its world
  // has reported progress. One word, so that a beat can never be credited to the wrong world.
  ChannelWord progress;
  ChannelWord step;  // upper half: the step last reported; lower half: of how many
  ChannelWord phase;
};
static_assert(sizeof(SupervisorPage) <= kChannelPage && sizeof(WorkerPage) <= kChannelPage);

// The first bytes of the black box; the text follows. What is counted here is whole.
struct BlackBoxHead {
  std::atomic<std::uint64_t> size;  // bytes of text
};
inline constexpr std::size_t kBlackBoxText = kBlackBox - sizeof(BlackBoxHead);

constexpr LeaseOrdinal begun_ordinal(std::uint64_t progress) {
  return static_cast<LeaseOrdinal>(progress >> 32);
}
constexpr std::uint32_t beat_count(std::uint64_t progress) {
  return static_cast<std::uint32_t>(progress);
}

}  // namespace joust
