#pragma once
// Text from outside in Markdown (GitHub's dialect): shown as itself, whatever Markdown or HTML
// would make of it, with no more escapes than that takes.

#include <string>
#include <string_view>

namespace joust::report {

// In the middle or at the end of a line; one line.
std::string markdown_text(std::string_view bytes);

// As a cell of a table.
std::string markdown_cell(std::string_view bytes);

// As code, in as many backticks as it takes; one line.
std::string markdown_code(std::string_view bytes);

}  // namespace joust::report
