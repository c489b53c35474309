#pragma once
// The report as one HTML file that needs nothing else: no network, no other file. Its plots are
// inline SVG; without JavaScript all of it can be read, only not sorted.

#include <string>

#include "runner/report/run_detail.hpp"

namespace joust::report {

// The same bytes for the same input. `detail` is of the same run.
std::string html_report(const Report& report, const RunDetail& detail);

}  // namespace joust::report
