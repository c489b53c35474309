#pragma once
// CSV as pandas' to_csv writes it: commas, "\n", quotes only where they are needed, floats in the
// shortest form that reads back the same, an empty cell for NaN.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace joust::scoring {

// Builds one row at a time; the caller takes row() somewhere and then calls clear().
class CsvRow {
 public:
  CsvRow& text(std::string_view value);
  CsvRow& number(double value);
  CsvRow& integer(std::uint64_t value);
  CsvRow& empty() { return text({}); }

  // The row with its "\n".
  std::string_view finish();
  void clear();

 private:
  void separate();
  std::string line_;
  bool first_ = true;
};

// A whole row of texts, with its "\n".
std::string csv_line(std::initializer_list<std::string_view> cells);

}  // namespace joust::scoring
