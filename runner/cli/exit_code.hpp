#pragma once
// The exit codes of joust; documented in the README and stable.

namespace joust::cli {

enum ExitCode : int {
  kAllCounted = 0,     // every world counted
  kInternalError = 1,  // a bug in joust
  kBadInput = 2,       // bad command line or spec
  kWorldsMissing = 3,  // finished, but worlds are quarantined or missing
  kPoolBroken = 4,     // workers could not work
  kJournalError = 5,   // the journal or the disk failed
  kInterrupted = 130,  // stopped by a signal; resumable
  kTerminated = 143,   // the same, when the first signal was SIGTERM
};

}  // namespace joust::cli
