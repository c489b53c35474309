#pragma once
// The exit codes of joust; documented in the README and stable.

namespace joust::cli {

inline constexpr int kAllCounted = 0;     // every world counted
inline constexpr int kInternalError = 1;  // a bug in joust
inline constexpr int kBadInput = 2;       // bad command line or spec
inline constexpr int kWorldsMissing = 3;  // finished, but worlds are quarantined, missing or void
inline constexpr int kPoolBroken = 4;     // workers could not work
inline constexpr int kJournalError = 5;   // the journal or the disk failed
inline constexpr int kInterrupted = 130;  // stopped by a signal; resumable
inline constexpr int kTerminated = 143;   // the same, when the first signal was SIGTERM

}  // namespace joust::cli
