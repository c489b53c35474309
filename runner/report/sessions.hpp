#pragma once
// The sessions of a run and what was done in each, told by the wall clock. For people: nothing is
// decided by it, and a clock that was set back makes it wrong.

#include <cstdint>
#include <optional>
#include <vector>

#include "runner/journal/journal.hpp"

namespace joust::report {

struct SessionSummary : journal::Session {
  std::uint64_t worlds = 0;         // counted in it; 0 also where the journal does not date results
  journal::UnixMillis seen_at = 0;  // the last that the journal says of it

  // From its start to its end, or to the last sign of life when the end is not recorded.
  double seconds() const;
  // Nothing when no world is known to have been counted in it, or it took no time.
  std::optional<double> worlds_per_second() const;
};

// Attributes what happened to sessions, by its time.
class SessionClock {
 public:
  // REQUIRES: in the order in which they took place.
  explicit SessionClock(const std::vector<journal::Session>& sessions);

  // The session at that time, as an index; nothing before the first.
  std::optional<std::size_t> session_at(journal::UnixMillis at) const;

  // A sign of life at that time; `worlds` were counted then.
  void note(journal::UnixMillis at, std::uint64_t worlds = 0);

  const std::vector<SessionSummary>& sessions() const { return sessions_; }

 private:
  std::vector<SessionSummary> sessions_;
};

}  // namespace joust::report
