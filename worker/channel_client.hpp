#pragma once
// The worker's end of its channel (common/channel_layout.hpp tells the protocol). Used by one
// thread.

#include <stdexcept>
#include <string>

#include "common/cause.hpp"
#include "common/channel_layout.hpp"
#include "common/mapping.hpp"
#include "common/messages.hpp"
#include "common/time.hpp"

namespace joust::worker {

// The supervisor's memory makes no sense, or it is of another build: the worker can only exit.
struct ChannelBroken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ChannelClient {
 public:
  // Attaches to the channel. The descriptors stay the caller's and must outlive the client, the two
  // of memory excepted. Throws ChannelBroken or std::system_error.
  ChannelClient(int supervisor_memory, int worker_memory, int task_bell, int result_bell);

  // Blocks until the whole brief has arrived.
  std::string receive_brief();

  // Takes the next task, blocking until there is one. False: the supervisor asked to stop.
  bool next_task(RecordHeader& task);

  // Marks the task's lease as begun; from here on the attempt is charged if this process dies.
  void begin(const RecordHeader& task);
  void report_progress(std::uint64_t step, std::uint64_t of);
  void set_phase(Phase phase);
  bool stop_requested() const;

  // Sends a message about `task` (or about the worker itself: task of zeros) and publishes it.
  // Blocks while the ring is full. `played` decides whether the supervisor's bell is rung now or
  // later.
  void send(MessageType type, const RecordHeader& task, std::string_view payload, Duration played);

  // The largest encoded result that the supervisor accepts, bytes.
  std::uint64_t max_message() const { return page().max_message; }

  // kBlackBox bytes for the crash handler, as long as the client lives.
  char* black_box() const {
    return reinterpret_cast<char*>(worker_memory_.data() + kChannelPage + page().capacity);
  }

 private:
  const SupervisorPage& page() const {
    return *reinterpret_cast<const SupervisorPage*>(supervisor_memory_.data());
  }
  WorkerPage& own() const { return *reinterpret_cast<WorkerPage*>(worker_memory_.data()); }
  static Mapping map_supervisor(int fd);
  void sleep(Sleep reason);
  void ring_if_wanted(Duration played);
  MessageReceiver::Outcome receive(RecordHeader& header);

  Mapping supervisor_memory_;
  Mapping worker_memory_;
  int task_bell_;
  int result_bell_;
  Epoch epoch_;
  MessageReceiver tasks_;
  RingWriter results_;
  MessageSender sender_;
  std::uint64_t messages_sent_ = 0;
  bool unrung_ = false;  // something was published since the last ring
  Duration played_unrung_{0};
};

}  // namespace joust::worker
