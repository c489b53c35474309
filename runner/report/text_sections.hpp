#pragma once
// The parts of the text report that have files of their own.

#include "runner/report/report.hpp"
#include "runner/report/text_page.hpp"

namespace joust::report {

// Who leads, with what that rests on; the ranking; what it would be if missing worlds counted.
void print_standings(TextPage& page, const Report& report);

// What failed: by cause, by competitor, and the worst worlds with their evidence. Nothing when
// nothing failed.
void print_failures(TextPage& page, const Report& report);

}  // namespace joust::report
