#pragma once
// How much of the plan each competitor's numbers rest on, and what hangs on the worlds that are
// missing.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void coverage_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
