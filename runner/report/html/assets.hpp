#pragma once
// The style sheet and the script of the page. The build makes their definitions out of report.css
// and report.js (embed.cmake).

#include <string_view>

namespace joust::report::html {

extern const std::string_view kStyle;
extern const std::string_view kScript;
// The script's SHA-256 in base64, by which the page's content policy lets it run.
extern const std::string_view kScriptHash;

}  // namespace joust::report::html
