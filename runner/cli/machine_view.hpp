#pragma once
// What this machine allows a run, as 'joust plan' shows it.

#include <iosfwd>
#include <string>

#include "common/tournament.hpp"
#include "runner/machine/memory.hpp"
#include "runner/machine/processors.hpp"

namespace joust::cli {

struct MachineView {
  machine::Processors processors;
  machine::MemoryLook memory;
  machine::SlurmJob job;  // where what both have of a job comes from
};

// Never fails.
MachineView see_machine();

// How many workers run, and what of memory there is for each, with the numbers that it follows
// from. `is_auto`: the number was left to joust.
void write_machine(const MachineView& view, const PoolOptions& pool, bool is_auto,
                   std::ostream& out);

// The same as one JSON object.
std::string machine_json(const MachineView& view, const PoolOptions& pool);

}  // namespace joust::cli
