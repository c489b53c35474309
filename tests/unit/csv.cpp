#include "runner/scoring/csv.hpp"

#include <doctest/doctest.h>

#include <limits>

using joust::scoring::csv_line;
using joust::scoring::CsvRow;

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
  row.integer(8);
  CHECK(row.finish() == "8\n");
}
