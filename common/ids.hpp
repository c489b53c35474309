#pragma once
// The numbers that name things in a tournament. Plain integers on purpose: they travel through
// shared memory, the journal and file names.

#include <cstdint>

namespace joust {

// A world to be played, named by its position in the plan's order of play; counted from 0.
using TaskIndex = std::uint64_t;

// One try at a task; counted from 1. 0 means "no attempt".
using AttemptNumber = std::uint32_t;

// One place in the fixed pool of workers; counted from 0.
using SlotIndex = std::uint32_t;

// The number of a worker in its slot's history; counted from 1. It fences stale messages.
using Epoch = std::uint32_t;

// The ordinal of a lease within one epoch of one slot: the n-th task that was put into the worker's
// ring. Counted from 1; 0 means "none".
using LeaseOrdinal = std::uint32_t;

}  // namespace joust
