#pragma once
// The files for people and programs that lie in a run directory beside the tables.

#include <filesystem>

#include "runner/report/report.hpp"

namespace joust::report {

// Writes standings.csv, pairwise.csv, failures.csv and report.html, each replaced atomically and
// only once all of them are complete. `report` is of the same record. Reads the results once and
// the failed attempts a few times. Throws JournalError. REQUIRES: the caller holds the run
// directory's lock.
void write_run_files(const std::filesystem::path& run_dir, const Report& report,
                     const Tournament& tournament, const Plan& plan, const RunRecord& record);

// Removes them: what they say will soon no longer be so.
void remove_run_files(const std::filesystem::path& run_dir);

// The report as one HTML page (html/html_report.hpp), with the detail that it needs: one more pass
// over the results. Throws JournalError.
std::string html_page(const Report& report, const Tournament& tournament, const Plan& plan,
                      const RunRecord& record);

}  // namespace joust::report
