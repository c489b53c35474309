#pragma once
// The course of the run: what each slot did, how fast worlds were done, memory and load.

#include <string>

#include "runner/report/html/page_data.hpp"

namespace joust::report::html {

void timeline_section(std::string& out, const PageData& page);
void course_section(std::string& out, const PageData& page);

}  // namespace joust::report::html
