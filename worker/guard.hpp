#pragma once
// The guard: one small process per run that outlives the supervisor for a moment. Workers die with
// the supervisor by themselves (PR_SET_PDEATHSIG), but children that a world started do not. When
// the supervisor is gone, the guard ends every process in the run's control group (if it has one)
// and every one that carries the run's marker, and then itself.

namespace joust::worker {

// Waits for the supervisor's end on standard input (a pipe whose other end only the supervisor
// holds), then clears up. Returns the exit code.
int guard();

}  // namespace joust::worker
