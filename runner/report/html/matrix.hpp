#pragma once
// Tables with a row and a column for each place in the standings. Columns are headed by numbers
// alone, because names would not fit; rows have the number and the name.

#include <algorithm>
#include <string>
#include <string_view>

namespace joust::report::html {

// More columns do not fit on paper: the table is for the screen only, or its letters are small.
inline constexpr std::size_t kColumnsOnPaper = 12;

// More rows of a heat map are drawn together.
inline constexpr std::size_t kHeatMapSide = 110;

// How many neighbouring competitors are one row of a heat map.
constexpr std::size_t heat_map_group(std::size_t competitors) {
  return std::max<std::size_t>(1, (competitors + kHeatMapSide - 1) / kHeatMapSide);
}

// Up to the body's first row; `css`: more classes. The columns are numbered first ... last.
void open_matrix(std::string& out, std::string_view name, std::string_view caption,
                 std::string_view css, std::size_t first, std::size_t last);
// The start of a row with that number, for that competitor.
void matrix_row(std::string& out, std::size_t number, std::string_view name);
void close_matrix(std::string& out);

}  // namespace joust::report::html
