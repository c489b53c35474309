#pragma once
// The run as a JUnit report in the dialect of Maven Surefire, which CI systems read: a world is a
// test case. README.md beside this file says what becomes what.

#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/report/report.hpp"
#include "runner/report/xml_writer.hpp"

namespace joust::report {

// Writes by and by; memory does not grow with the results, and is bounded for failed attempts.
// Reads the record several times; what a running tournament adds meanwhile is left out, so that the
// counts agree with the test cases. Throws JournalError.
void write_junit(const TextSink& sink, const Report& report, const ReportOptions& options,
                 const Tournament& tournament, const Plan& plan, const RunRecord& record);

}  // namespace joust::report
