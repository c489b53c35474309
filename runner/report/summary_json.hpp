#pragma once
// The final summary that programs read: `joust run --json` and `joust report --format json`.

#include <string>

#include "runner/report/report.hpp"

namespace joust::report {

// One JSON object with a "\n" at its end; undefined numbers are null. Keys are only ever added.
std::string summary_json(const Report& report);

}  // namespace joust::report
