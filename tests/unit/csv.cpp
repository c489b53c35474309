#include "common/csv.hpp"

#include <doctest/doctest.h>

#include <limits>

using joust::csv_line;
using joust::CsvRow;

TEST_CASE("cells are quoted only where a reader would go wrong") {
  CHECK(csv_line({"", "plain", "with space", "dot.ted", "semi;colon", "'"}) ==
        ",plain,with space,dot.ted,semi;colon,'\n");
  CHECK(csv_line({"a,b", "say \"hi\"", "two\nlines", "old\rmac"}) ==
        "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"old\rmac\"\n");
}

TEST_CASE("numbers are written as pandas writes them") {
  CsvRow row;
  row.integer(7).number(3).number(0.1).number(1e-7).number(
      std::numeric_limits<double>::quiet_NaN());
  row.number(-std::numeric_limits<double>::infinity()).empty();
  CHECK(row.finish() == "7,3.0,0.1,1e-07,,-inf,\n");
  row.clear();
  row.integer(8).empty(0).empty(3).integer(9);
  CHECK(row.finish() == "8,,,,9\n");
}

TEST_CASE("counts have no fraction unless they are no whole number") {
  CsvRow row;
  row.count(24).count(-3).count(0.5).count(9007199254740992.0).count(1e300);
  row.count(std::numeric_limits<double>::quiet_NaN());
  row.count(std::numeric_limits<double>::infinity());
  CHECK(row.finish() == "24,-3,0.5,9007199254740992,1e+300,,inf\n");
}

TEST_CASE("bytes that a reader could not decode are replaced, all others stay as they are") {
  constexpr const char* kReplaced = "\xEF\xBF\xBD";
  const auto cell = [](std::string_view text) {
    std::string line = csv_line({text});
    line.pop_back();
    return line;
  };
  for (const char* good : {"plain", "\xC3\xBC", "\xE6\x97\xA5", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\x01"}) {
    CAPTURE(good);
    CHECK(cell(good) == good);
  }
  CHECK(cell(std::string_view("a\0b", 3)) == std::string("a") + kReplaced + "b");
  for (const char* bad : {"\xFF", "\x80", "\xC3", "\xC1", "\xF5"}) {
    CAPTURE(bad);
    CHECK(cell(std::string(bad) + "z") == std::string(kReplaced) + "z");
  }
  // an overlong form, a surrogate and what lies beyond Unicode: each byte is replaced
  for (const char* bad : {"\xE0\x80\xAF", "\xED\xA0\x80"}) {
    CAPTURE(bad);
    CHECK(cell(bad) == std::string(kReplaced) + kReplaced + kReplaced);
  }
  CHECK(cell("\xF4\x90\x80\x80,") ==
        "\"" + std::string(kReplaced) + kReplaced + kReplaced + kReplaced + ",\"");
}
