#pragma once
// Where on the machine workers run, and how much they yield to other programs: a processor each, a
// niceness, a priority of input and output. What a worker starts inherits all three.

#include <sched.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.hpp"
#include "common/tournament.hpp"

namespace joust::os {

// A set of processors; Linux has 8192 at most.
using ProcessorSet = std::array<cpu_set_t, 8>;

// What one worker asks for. Nothing, by default.
struct WorkerPlace {
  std::optional<ProcessorSet> processors;
  int nice = 0;         // added to what it has
  int io_priority = 0;  // as ioprio_set(2) takes it; 0: what it has

  // Moves the calling thread there; system calls only. What is refused is left out: a worker in the
  // wrong place plays the same results.
  void take() const;
};

class Placement {
 public:
  // Looks up which processors there are, where workers are pinned.
  explicit Placement(const PoolOptions& options);

  // The place of the worker in a slot: always the same. Several share a processor when there are
  // more slots than processors.
  WorkerPlace of(SlotIndex slot) const;

 private:
  std::vector<std::uint32_t> processors_;  // empty: they are not pinned
  WorkerPlace common_;
};

struct Processor {
  std::uint32_t number = 0;
  std::string core;  // the same text for those that are hardware threads of one core
};

// The numbers in the order in which they are given out: one of each core, then a second of each,
// and so on; within such a round as they come.
std::vector<std::uint32_t> spread(const std::vector<Processor>& processors);

}  // namespace joust::os
