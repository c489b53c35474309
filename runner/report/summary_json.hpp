#pragma once
// The final summary that programs read: `joust run --json` and `joust report --format json`.

#include <string>

#include "runner/report/report.hpp"

namespace joust::report {

// "schema" of the object. It changes only when a key goes or changes its meaning; keys may be added
// at any time.
inline constexpr int kSummarySchema = 1;

// One JSON object with a "\n" at its end; undefined numbers are null. README.md beside this file
// describes every key.
std::string summary_json(const Report& report);

}  // namespace joust::report
