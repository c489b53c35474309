#pragma once
// Competitors against competitors.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void pairwise_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
