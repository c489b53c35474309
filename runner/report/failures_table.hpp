#pragma once
// failures.csv: every failed attempt as a row. README.md beside this file has the columns.

#include <optional>
#include <string_view>

#include "common/disqualification.hpp"
#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/report/run_record.hpp"
#include "runner/scoring/atomic_file.hpp"

namespace joust::report {

inline constexpr std::string_view kFailuresFile = "failures.csv";

// Rows by task, attempt and then as they were recorded; memory does not grow with their number. The
// caller commits the file. Throws JournalError.
void write_failures(scoring::AtomicFile& file, const Tournament& tournament, const Plan& plan,
                    const RunRecord& record, const std::optional<Disqualification>& rule);

}  // namespace joust::report
