#pragma once
// A comparison of runs, for people and for programs.

#include <ostream>
#include <string>

#include "runner/report/compare.hpp"

namespace joust::report {

// At most 100 columns wide, but the paths of the runs are never cut.
void print_comparison(std::ostream& out, const Comparison& comparison, bool colour);

// One JSON object with a "\n" at its end; README.md beside this file describes its keys.
std::string comparison_json(const Comparison& comparison);

}  // namespace joust::report
