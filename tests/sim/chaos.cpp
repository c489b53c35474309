// The real core against a simulated pool in which everything goes wrong. Each seed is one
// tournament, from its first session to the last resume; the promises are in
// tests/support/sim_checks.cpp.
//
// JOUST_SIM_SEEDS=n plays n seeds, JOUST_SIM_SEED=s plays that one.

#include <doctest/doctest.h>

#include "../support/sim_story.hpp"

using namespace joust::sim;

TEST_CASE("every tournament ends with each task counted or given up, whatever goes wrong") {
  const Totals totals = play_stories(chaos, 50'000, "chaos.cpp");
  MESSAGE(totals.stories << " stories, " << totals.sessions << " sessions, " << totals.done
                         << " worlds counted, " << totals.quarantined << " given up");
  CHECK(totals.done + totals.quarantined > 0);
}
