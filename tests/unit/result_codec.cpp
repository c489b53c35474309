#include "common/result_codec.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace joust {
namespace {

WorldResult sample() {
  WorldResult result;
  result.seats = {{"04Eq@0", 1.25}, {"", -0.0}};
  result.counters = {{"n_steps", 50}};
  result.payload = std::string("a\0b", 3);
  return result;
}

TEST_CASE("an encoded result reads back the same") {
  std::string bytes;
  encode_result(sample(), bytes);
  CHECK(decode_result(bytes) == sample());
  CHECK(check_result(bytes) == 2U);
}

TEST_CASE("a result cut short at any byte, or with a byte too many, is refused") {
  std::string bytes;
  encode_result(sample(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_result(bytes.substr(0, size)).has_value());
  }
  CHECK_FALSE(check_result(bytes + "x").has_value());
}

TEST_CASE("a name that does not fit is refused with its size") {
  WorldResult result;
  result.seats = {{std::string(256, 'n'), 0.0}};
  std::string bytes;
  CHECK_THROWS_WITH_AS(encode_result(result, bytes),
                       "the world's result has 256 bytes in a name; the limit is 255",
                       std::length_error);
}

}  // namespace
}  // namespace joust
