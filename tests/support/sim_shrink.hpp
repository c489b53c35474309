#pragma once
// From a story that fails to the simplest one that still does.

#include <functional>
#include <string>

#include "sim_scenario.hpp"

namespace joust::sim {

// `failing` with as many tasks, workers, sessions and kinds of trouble taken away as possible,
// while `fails` says yes. It need not fail for the same reason.
Scenario shrink(const Scenario& failing, const std::function<bool(const Scenario&)>& fails);

// What is left in it, in one line.
std::string describe(const Scenario& scenario);

}  // namespace joust::sim
