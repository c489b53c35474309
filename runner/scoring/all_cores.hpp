#pragma once
// Work on all cores, or on one where the system gives no more threads.

#include <tbb/global_control.h>

#include <stdexcept>

namespace joust::scoring {

// Runs `work`, which uses oneTBB. Where a thread of oneTBB's cannot be started (its word for that
// is std::runtime_error), runs it once more, on this thread alone: `work` must not mind, and must
// not throw that exception for another reason. Returns what it returns.
template <class Work>
auto on_all_cores(const Work& work) {
  try {
    return work();
  } catch (const std::runtime_error&) {
    const tbb::global_control alone(tbb::global_control::max_allowed_parallelism, 1);
    return work();
  }
}

}  // namespace joust::scoring
