#include "runner/report/text_table.hpp"

#include <algorithm>
#include <numeric>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // a text is not clipped below that

}  // namespace

std::vector<std::size_t> TextTable::widths(std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    widths.push_back(display_width(columns_[i].header));
    for (const auto& row : rows_) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), kGap * (columns_.size() - 1));
  };
  while (total() > width) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool can_shrink = columns_[i].left && widths[i] > kNarrowest;
      if (can_shrink && (widest == columns_.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == columns_.size()) break;
    widths[widest] =
        std::max(kNarrowest, widths[widest] - std::min(widths[widest], total() - width));
  }
  return widths;
}

std::string TextTable::line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.append(kGap, ' ');
    if (columns_[i].left) {
      line += pad_right(cells[i], widths[i]);
    } else {
      line.append(widths[i] - display_width(cells[i]), ' ').append(cells[i]);
    }
  }
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

void TextTable::print(std::ostream& out, std::size_t width, const Paint& paint) const {
  const std::vector<std::size_t> sizes = widths(width);
  std::vector<std::string> headers;
  for (const TextColumn& column : columns_) headers.push_back(column.header);
  out << paint.bold(line(headers, sizes)) << '\n';
  for (const auto& row : rows_) out << line(row, sizes) << '\n';
}

}  // namespace joust::report
