#pragma once
// The style sheet and the script of the page. The build makes their definitions out of report.css
// and report.js (embed.cmake).

#include <string_view>

namespace joust::report::html {

std::string_view style_sheet();
std::string_view script();
// The script's SHA-256 in base64, by which the page's content policy lets it run.
std::string_view script_hash();

}  // namespace joust::report::html
