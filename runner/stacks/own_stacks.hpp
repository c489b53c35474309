#pragma once
// Stacks that a program keeps ready itself: those of an interpreted program mean more than what its
// interpreter does. worker/worlds/command/README.md tells programs how to offer them.

namespace joust::stacks {

// Asks the process for its stacks, with SIGUSR2, and prints what it answers within half a second.
// Prints nothing of a process that offers none.
void print_own_stacks(int pid);

}  // namespace joust::stacks
