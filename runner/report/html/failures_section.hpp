#pragma once
// What went wrong: by cause, by what was said, and the worlds in trouble with their evidence.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void failures_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
