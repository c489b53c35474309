#pragma once
// The ranking with its intervals, the distributions of scores and the coverage.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void standings_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
