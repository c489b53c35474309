#include "runner/report/html/matrix.hpp"

#include <fmt/format.h>

#include "runner/report/html/markup.hpp"
#include "runner/report/printable.hpp"

namespace joust::report::html {

void open_matrix(std::string& out, std::string_view name, std::string_view caption,
                 std::string_view css, std::size_t first, std::size_t last) {
  out += fmt::format(
      "<div class=\"scroll matrix{}{}\" tabindex=\"0\" role=\"region\" aria-label=\"{}, "
      "table\"><table><caption>{}</caption><thead><tr><td></td>",
      css.empty() ? "" : " ", css, name, caption);
  for (std::size_t column = first; column <= last; ++column) {
    out += fmt::format("<th scope=\"col\">{}</th>", column);
  }
  out += "</tr></thead><tbody>\n";
}

void matrix_row(std::string& out, std::size_t number, std::string_view name) {
  constexpr std::size_t kLongestName = 26;
  out += fmt::format("<tr><th scope=\"row\" title=\"{}\"><b>{}</b> {}</th>", escape(name), number,
                     breakable(clip_middle(printable(name), kLongestName)));
}

void close_matrix(std::string& out) { out += "</tbody></table></div>\n"; }

}  // namespace joust::report::html
