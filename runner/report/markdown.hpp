#pragma once
// The standings as one pastes them into an announcement: Markdown with tables (GitHub's dialect).

#include <string>
#include <string_view>

#include "runner/report/report.hpp"

namespace joust::report {

// The text as itself, whatever Markdown or HTML would make of it; one line.
std::string markdown_text(std::string_view bytes);

// The text as code, in as many backticks as it takes; one line.
std::string markdown_code(std::string_view bytes);

std::string markdown_report(const Report& report);

}  // namespace joust::report
