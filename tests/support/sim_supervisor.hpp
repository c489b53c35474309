#pragma once
// The supervisor's end of a channel, played by hand against a real worker::ChannelClient in another
// thread: real memory files and bells, and nothing of the runner.

#include <memory>
#include <string>

#include "common/channel_layout.hpp"
#include "common/mapping.hpp"
#include "common/messages.hpp"
#include "common/unique_fd.hpp"

namespace joust::sim {

class HandSupervisor {
 public:
  static constexpr Epoch kEpoch = 4;

  HandSupervisor(std::uint64_t capacity, std::uint64_t max_message);

  // Descriptors for the worker.
  int supervisor_memory() const { return supervisor_fd_.get(); }
  int worker_memory() const { return worker_fd_.get(); }
  int task_bell() const { return task_bell_.get(); }
  int result_bell() const { return result_bell_.get(); }

  // Sends the brief whole, blocking for space.
  void send_brief(const std::string& brief);
  // False: the ring is full. Invisible until publish_tasks().
  bool give(TaskIndex task, LeaseOrdinal ordinal);
  void publish_tasks();
  void ask_to_stop();

  // Takes one record, and wakes the worker if it waits for the space.
  MessageReceiver::Outcome receive(RecordHeader& header);
  std::string_view payload() const { return results_->payload(); }

  // Blocks until the worker rings, which it does once it has sent `messages` in all or sleeps
  // itself.
  void sleep_until(std::uint64_t messages);

  const WorkerPage& worker() const {
    return *reinterpret_cast<const WorkerPage*>(worker_map_.data());
  }
  std::uint64_t slept() const { return slept_; }

 private:
  SupervisorPage& own() { return *reinterpret_cast<SupervisorPage*>(supervisor_map_.data()); }
  void wake_worker();

  UniqueFd supervisor_fd_;
  UniqueFd worker_fd_;
  UniqueFd task_bell_;
  UniqueFd result_bell_;
  Mapping supervisor_map_;
  Mapping worker_map_;
  std::unique_ptr<RingWriter> tasks_;
  std::unique_ptr<MessageReceiver> results_;
  std::uint64_t slept_ = 0;
};

}  // namespace joust::sim
