#pragma once
// How long worlds took.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void duration_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
