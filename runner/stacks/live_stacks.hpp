#pragma once
// The stacks of a live process.

namespace joust::stacks {

// Prints the stacks of all threads of the process and then those of its descendants. The process is
// held still for some milliseconds. False: the stacks of one of them could not be had; what was
// printed says why.
bool print_family(int pid);

}  // namespace joust::stacks
