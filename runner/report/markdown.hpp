#pragma once
// The standings as one pastes them into an announcement: Markdown with tables (GitHub's dialect).

#include <string>

#include "runner/report/report.hpp"

namespace joust::report {

std::string markdown_report(const Report& report);

}  // namespace joust::report
