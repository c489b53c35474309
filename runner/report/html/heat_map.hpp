#pragma once
// A plot of cells that is small however many there are.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "runner/report/html/svg.hpp"

namespace joust::report::html {

// A square of `side` times `side` cells, each `cell` wide. class_of(row, column) is below
// `classes`; the cells' style is `prefix` with that number. Cells of one class are one path, and
// equal neighbours in a row one rectangle of it.
template <class ClassOf>
std::string heat_map(Svg svg, std::size_t side, double cell, const ClassOf& class_of,
                     std::size_t classes, std::string_view prefix) {
  std::vector<std::string> paths(classes);
  for (std::size_t row = 0; row < side; ++row) {
    std::size_t begin = 0;
    for (std::size_t column = 1; column <= side; ++column) {
      const std::size_t here = class_of(row, begin);
      if (column < side && class_of(row, column) == here) continue;
      paths[here] += fmt::format("M{} {}H{}v{}H{}z", coordinate(static_cast<double>(begin) * cell),
                                 coordinate(static_cast<double>(row) * cell),
                                 coordinate(static_cast<double>(column) * cell), coordinate(cell),
                                 coordinate(static_cast<double>(begin) * cell));
      begin = column;
    }
  }
  for (std::size_t i = 0; i < classes; ++i) svg.path(paths[i], fmt::format("{}{}", prefix, i));
  return svg.finish();
}

}  // namespace joust::report::html
