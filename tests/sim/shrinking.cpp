// What makes a failing story small enough to read.

#include <doctest/doctest.h>

#include "../support/sim_shrink.hpp"

using namespace joust::sim;

namespace {

bool crashes(const Scenario& scenario, joust::TaskIndex task) {
  return task < scenario.tasks && attempt_plan(scenario, task, 1).fate == Fate::crash;
}

// A story of many tasks and all kinds of trouble, and a task in its midst that crashes.
struct Example {
  Scenario scenario;
  joust::TaskIndex culprit = 0;
};

Example example() {
  for (std::uint64_t seed = 1;; ++seed) {
    const Scenario scenario = chaos(seed);
    if (scenario.tasks < 200 || scenario.oversleeps == 0 || scenario.worker_faults == 0) continue;
    for (joust::TaskIndex task = 20; task < scenario.tasks; ++task) {
      if (crashes(scenario, task)) return {scenario, task};
    }
  }
}

}  // namespace

TEST_CASE("a failing story is cut down to what makes it fail") {
  const auto [scenario, culprit] = example();
  const Scenario smallest =
      shrink(scenario, [culprit = culprit](const Scenario& s) { return crashes(s, culprit); });
  CHECK(crashes(smallest, culprit));
  CHECK(smallest.tasks == culprit + 1);
  CHECK(smallest.spared.size() == culprit);
  CHECK(smallest.options.workers == 1);
  CHECK(smallest.oversleeps == 0);
  CHECK(smallest.worker_faults == 0);
  CHECK(smallest.calm_from == 1);
}

TEST_CASE("what a failure needs is not taken away") {
  const auto [scenario, culprit] = example();
  const Scenario smallest = shrink(scenario, [culprit = culprit](const Scenario& s) {
    return crashes(s, culprit) && s.oversleeps > 0 && s.calm_from > 3;
  });
  CHECK(smallest.oversleeps == scenario.oversleeps);
  CHECK(smallest.calm_from == 4);
  CHECK(describe(smallest).find("late turns") != std::string::npos);
  CHECK(describe(smallest).find("faulty processes") == std::string::npos);
}
