// Nothing is wrong with any world or worker, but the supervisor sleeps, the whole job is stopped
// and continued, the journal is slow, and people interrupt and resume: nobody may be blamed for it.

#include <doctest/doctest.h>

#include "../support/sim_story.hpp"

using namespace joust::sim;

TEST_CASE("a healthy pool never fails an attempt, however badly the supervisor sleeps") {
  const Totals totals = play_stories(healthy, 4'000, "healthy.cpp");
  MESSAGE(totals.stories << " stories, " << totals.sessions << " sessions, " << totals.done
                         << " worlds counted");
  CHECK(totals.done > 0);
  CHECK(totals.quarantined == 0);
}
