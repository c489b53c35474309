#pragma once
// A table of texts for a terminal: columns as wide as what stands in them, at most `width` in all.

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "runner/report/paint.hpp"

namespace joust::report {

struct TextColumn {
  std::string header;
  bool left = false;  // texts to the left, numbers to the right
};

class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

  // REQUIRES: as many cells as columns, printable.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  // Texts are clipped where the table would be wider than `width`; numbers never are.
  void print(std::ostream& out, std::size_t width, const Paint& paint) const;

 private:
  std::vector<std::size_t> widths(std::size_t width) const;
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;

  std::vector<TextColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace joust::report
