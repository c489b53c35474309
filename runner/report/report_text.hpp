#pragma once
// The report as plain text, at most 100 columns wide (but paths and commands are never cut: they
// are there to be copied).

#include <ostream>

#include "runner/report/report.hpp"

namespace joust::report {

void print_text(std::ostream& out, const Report& report, bool colour);

}  // namespace joust::report
