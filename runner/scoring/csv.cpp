#include "runner/scoring/csv.hpp"

#include <cmath>

#include "common/text.hpp"

namespace joust::scoring {

CsvRow& CsvRow::text(std::string_view value) {
  separate();
  if (value.find_first_of(",\"\n\r") == std::string_view::npos) {
    line_ += value;
    return *this;
  }
  line_ += '"';
  for (const char c : value) {
    if (c == '"') line_ += '"';
    line_ += c;
  }
  line_ += '"';
  return *this;
}

CsvRow& CsvRow::number(double value) {
  return std::isnan(value) ? empty() : text(format_double(value));
}

CsvRow& CsvRow::integer(std::uint64_t value) { return text(std::to_string(value)); }

std::string_view CsvRow::finish() {
  line_ += '\n';
  return line_;
}

void CsvRow::clear() {
  line_.clear();
  first_ = true;
}

void CsvRow::separate() {
  if (!first_) line_ += ',';
  first_ = false;
}

std::string csv_line(std::initializer_list<std::string_view> cells) {
  CsvRow row;
  for (const std::string_view cell : cells) row.text(cell);
  return std::string(row.finish());
}

}  // namespace joust::scoring
