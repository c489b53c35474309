#pragma once
// The table of a pool's slots: what each worker plays and since when, how long ago its world last
// reported progress, its memory and processor time.

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "runner/report/status_file.hpp"

namespace joust::report {

struct SlotTableSize {
  std::size_t width = 80;
  std::size_t lines = std::numeric_limits<std::size_t>::max();  // with the heading
};

// Lines, each with its "\n", none wider than that and no more of them: columns are left out from
// the least important one on (epoch, cpu, beat, memory), and slots that have no line are counted by
// their states in the last one.
std::string render_slots(const std::vector<SlotStatus>& slots, const SlotTableSize& size,
                         bool colour);

}  // namespace joust::report
