#pragma once
// Competitors against ranks.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void rank_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
