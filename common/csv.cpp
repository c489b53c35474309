#include "common/csv.hpp"

#include <algorithm>
#include <cmath>

#include "common/text.hpp"
#include "common/utf8.hpp"

namespace joust {
namespace {

bool is_plain_ascii(char c) { return c > 0 && c != ',' && c != '"' && c != '\n' && c != '\r'; }

void append_quoted(std::string& line, std::string_view value) {
  line += '"';
  for (const char c : value) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace

CsvRow& CsvRow::text(std::string_view value) {
  if (std::all_of(value.begin(), value.end(), is_plain_ascii)) return plain(value);
  separate();
  const std::string readable = as_utf8(value);
  if (readable.find_first_of(",\"\n\r") == std::string::npos) {
    line_ += readable;
  } else {
    append_quoted(line_, readable);
  }
  return *this;
}

CsvRow& CsvRow::number(double value) {
  return std::isnan(value) ? empty() : plain(format_double(value));
}

CsvRow& CsvRow::integer(std::uint64_t value) { return plain(std::to_string(value)); }

CsvRow& CsvRow::count(double value) {
  if (std::isnan(value)) return empty();
  if (!is_whole(value)) return number(value);
  return plain(std::to_string(static_cast<std::int64_t>(value)));
}

CsvRow& CsvRow::empty(std::size_t cells) {
  if (cells == 0) return *this;
  separate();
  line_.append(cells - 1, ',');
  return *this;
}

CsvRow& CsvRow::plain(std::string_view cell) {
  separate();
  line_ += cell;
  return *this;
}

std::string_view CsvRow::finish() {
  line_ += '\n';
  return line_;
}

void CsvRow::clear() {
  line_.clear();
  first_ = true;
}

std::string csv_line(std::initializer_list<std::string_view> cells) {
  CsvRow row;
  for (const std::string_view cell : cells) row.text(cell);
  return std::string(row.finish());
}

bool is_whole(double value) {
  constexpr double kMost = 9007199254740992.0;  // 2^53
  return std::fabs(value) <= kMost && std::trunc(value) == value;
}

}  // namespace joust
