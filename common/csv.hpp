#pragma once
// CSV that pandas reads back unchanged: commas, "\n", quotes only where they are needed, floats in
// the shortest form that reads back the same, an empty cell for NaN. As pandas' to_csv writes it,
// but for texts that its own reader does not get back: a carriage return is quoted, and a NUL or
// bytes that are no UTF-8 become U+FFFD.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace joust {

// Builds one row at a time; the caller takes finish() somewhere and then calls clear().
class CsvRow {
 public:
  CsvRow& text(std::string_view value);
  CsvRow& number(double value);
  CsvRow& integer(std::uint64_t value);
  // What was counted: without a fraction where it has none ("24", not "24.0").
  CsvRow& count(double value);
  CsvRow& empty(std::size_t cells = 1);
  // A cell that needs no quotes, as it is. REQUIRES: no comma, quote, line break, NUL.
  CsvRow& plain(std::string_view cell);

  // The row so far.
  std::string_view row() const { return line_; }
  // The row with its "\n".
  std::string_view finish();
  void clear();

 private:
  void separate() {
    if (!first_) line_ += ',';
    first_ = false;
  }
  std::string line_;
  bool first_ = true;
};

// A whole row of texts, with its "\n".
std::string csv_line(std::initializer_list<std::string_view> cells);

// A double that is a whole number up to 2^53, where every whole number has a double of its own.
bool is_whole(double value);

}  // namespace joust
