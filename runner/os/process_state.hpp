#pragma once
// What /proc tells about a process.

#include <cstdint>
#include <optional>
#include <vector>

#include "common/time.hpp"
#include "runner/core/events.hpp"

namespace joust::os {

struct ProcessLook {
  core::ProcessState state = core::ProcessState::gone;
  Duration cpu{0};        // user and system time of all its threads
  std::uint64_t rss = 0;  // bytes
  int parent = 0;
};

// Never fails: a process that cannot be read is gone.
ProcessLook look_at(int pid);

// A process and its descendants as one: the world that a worker plays may be played by another
// program. Processor time and memory are added up (what they share is counted for each). It is
// stopped when the process or a child of it is (what those start may be stopped on purpose), else
// running or in the kernel when any of them is, in this order.
ProcessLook look_at_family(int pid);

// Bytes of memory that a process and its descendants have for themselves: what is mapped from
// files, or shared memory, does not count. Pages that a fork left to several of them count once, in
// families of three or more (to find that out takes long). 0 for a process that cannot be read.
std::uint64_t own_memory_of_family(int pid);

struct MachineLook {
  std::uint64_t available = 0;  // bytes of memory that can be had without swapping; 0: not known
  double load = 0;              // over a minute; 0: not known
};

// Never fails.
MachineLook look_at_machine();

// The children of this process's main thread, zombies and adopted orphans included.
std::vector<int> own_children();

// All descendants of `pid` that can be found now, nearest first.
std::vector<int> descendants(int pid);

}  // namespace joust::os
