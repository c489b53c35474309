#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>

#include "common/text.hpp"

using joust::format_double;

TEST_CASE("doubles are written as Python's repr writes them") {
  std::ifstream file(JOUST_TEST_DATA "/scoring/doubles.txt");
  REQUIRE(file.is_open());
  std::string bits;
  std::string expected;
  int checked = 0;
  while (file >> bits >> expected) {
    const double value = std::bit_cast<double>(std::uint64_t{std::stoull(bits, nullptr, 16)});
    CAPTURE(bits);
    CHECK(format_double(value) == expected);
    ++checked;
  }
  CHECK(checked == 2500);
}

TEST_CASE("a written double reads back as the same bits") {
  std::uint64_t bits = 0x9E3779B97F4A7C15;
  for (int i = 0; i < 20000; ++i) {
    bits = bits * 6364136223846793005ULL + 1442695040888963407ULL;
    const double value = std::bit_cast<double>(bits);
    if (value != value) continue;
    const std::string text = format_double(value);
    CAPTURE(text);
    CHECK(std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)) == bits);
  }
}

TEST_CASE("a double that is not a number has no sign") {
  CHECK(format_double(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(format_double(-std::numeric_limits<double>::quiet_NaN()) == "nan");
}
