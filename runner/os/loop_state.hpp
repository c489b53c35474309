#pragma once
// What the parts of the supervisor's main loop share: the core, the processes, and what was
// gathered in this turn.

#include "runner/machine/memory.hpp"
#include "runner/os/crew.hpp"

namespace joust::os {

// What is known of the machine's memory.
struct MemoryWatch {
  machine::MemoryRules rules;
  machine::MemoryGauge gauge{};
  TimePoint looked_at{};         // last
  std::uint64_t stalled_us = 0;  // at that time
};

struct LoopState {
  core::Pool pool;
  Crew crew;
  Observer& observer;
  std::uint32_t seats = 0;  // per world
  std::function<std::uint32_t(TaskIndex, std::uint32_t)> competitor_in = {};
  MemoryWatch memory;
  TimePoint now{};          // of this turn
  std::int64_t wall = 0;    // the same in milliseconds since 1970, for people
  core::Actions actions{};  // decided, not carried out yet
  journal::Batch batch{};   // rows for the journal
  bool busy = false;        // something came in this turn: more may follow at once

  // A worker's memory made no sense: nothing more is read from it, and the core is told.
  void report_broken(LiveWorker& worker, std::string what) {
    worker.broken = true;
    pool.handle(core::ProtocolBroken{worker.id, std::move(what)}, now, actions);
  }
};

}  // namespace joust::os
