#pragma once
// The scores of each competitor: density, box and some of the scores themselves.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void distribution_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
