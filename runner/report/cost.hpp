#pragma once
// What failures cost: the time of workers, and how long their slots stood empty.

#include <cstdint>
#include <limits>

#include "runner/report/run_record.hpp"
#include "runner/report/sessions.hpp"

namespace joust::report {

struct Cost {
  double counted_seconds = 0;  // workers' time in attempts whose result counts
  double failed_seconds = 0;   // in failed attempts, charged or not
  std::uint64_t lost = 0;      // workers
  std::uint64_t replaced = 0;  // of these, by another worker in the same slot and session
  // From a worker's loss to the start of its replacement, to the millisecond; NaN: none was.
  double median_recovery = std::numeric_limits<double>::quiet_NaN();  // seconds
  double longest_recovery = std::numeric_limits<double>::quiet_NaN();
};

// Fills in the workers' part. A replacement is the worker of the next epoch.
void measure_recovery(Cost& cost, const RunRecord& record, const SessionClock& clock);

}  // namespace joust::report
