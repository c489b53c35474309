#pragma once
// Plays worlds in the supervisor itself, one after another: for debugging a world. There is no
// isolation: a world that crashes, hangs or leaks takes the run with it (which can be resumed).

#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "common/world.hpp"
#include "runner/core/ledger.hpp"
#include "runner/os/observer.hpp"
#include "runner/os/recorder.hpp"

namespace joust::os {

struct InProcessSetup {
  PoolOptions pool;
  PlanShape shape;
  core::LedgerHistory history;
};

struct InProcessEnd {
  core::Finish finish;
  int stop_signal = 0;  // the signal that asked the run to stop; 0: none did
};

// Plays until everything is done or given up, a stop signal came (they must be blocked), or the
// recorder failed. Rows are submitted, not necessarily committed, when it returns.
InProcessEnd play_in_process(InProcessSetup setup, World& world, Recorder& recorder,
                             Observer& observer);

}  // namespace joust::os
