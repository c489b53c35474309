#pragma once
// Who is told what the supervisor does. All calls come from the main thread and must be quick.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/core/pool.hpp"
#include "runner/journal/journal.hpp"

namespace joust::os {

struct SlotPicture {
  SlotIndex slot = 0;
  Epoch epoch = 0;
  std::string state;              // "busy", "idle", "starting", ...
  std::optional<TaskIndex> task;  // being played
  Duration since{0};              // how long already
  std::uint64_t step = 0;         // last reported progress
  std::uint64_t of = 0;
  std::uint64_t rss = 0;             // bytes
  Duration cpu{0};                   // processor time used since the worker began
  std::optional<Duration> beat_age;  // since its world last reported progress; nothing: never
};

struct Picture {
  core::PoolCounts counts;
  std::uint64_t committed = 0;  // results, in this session
  Duration elapsed{0};
  std::string state;               // "running", "draining", "stopping"
  std::vector<std::uint32_t> out;  // competitors that are disqualified, by index
  std::vector<SlotPicture> slots;
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void worker_started(const journal::WorkerStart&) {}
  virtual void worker_ready(const core::WorkerId&) {}
  virtual void worker_ended(const journal::WorkerEnd&) {}
  virtual void worker_injured(const core::WorkerId&, int /*signal*/) {}
  virtual void attempt_failed(const journal::FailedAttempt&) {}
  // A world that failed before was given out again.
  virtual void retried(const core::WorkerId&, TaskIndex, AttemptNumber) {}
  virtual void quarantined(const journal::QuarantineRow&) {}
  // Its strikes, the last of them in that world, put a competitor (by index) out. Told again with
  // another world when an earlier strike came to be known later.
  virtual void disqualified(std::uint32_t /*competitor*/, TaskIndex) {}
  // Memory keeps slots vacant, or does so no longer.
  virtual void memory_news(const core::TellMemory&) {}
  virtual void stopping(core::StopLevel) {}
  virtual void asked_for_picture(const Picture&) {}    // SIGUSR1
  virtual void no_stacks(std::string_view /*why*/) {}  // follow that picture
  // How often tick() wants to be called, and the call.
  virtual Duration tick_period() const { return std::chrono::seconds(1); }
  virtual void tick(const Picture&) {}
};

}  // namespace joust::os
