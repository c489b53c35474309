#include "common/result_codec.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace joust {
namespace {

WorldResult sample() {
  WorldResult result;
  result.seats = {{"04Eq@0", 1.25, {{"negs_failed", 3}, {"negs_timedout", 1}}},
                  {"", -0.0, {{"negs_failed", 0.5}, {"negs_timedout", -1}}},
                  {"x", 7, {}},
                  {"y", 8, {{"", 2}}}};
  result.counters = {{"n_steps", 50}};
  result.payload = std::string("a\0b", 3);
  return result;
}

TEST_CASE("an encoded result reads back the same") {
  std::string bytes;
  encode_result(sample(), bytes);
  CHECK(decode_result(bytes) == sample());
  CHECK(check_result(bytes).value().seats == 4);
  CHECK_FALSE(has_forfeits(bytes));
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

TEST_CASE("the names of counters that all seats share are written once") {
  WorldResult result;
  std::string one;
  result.seats.assign(1, {"a", 1, {{"negs_failed", 3}}});
  encode_result(result, one);
  std::string two;
  result.seats.push_back({"b", 2, {{"negs_failed", 4}}});
  encode_result(result, two);
  // the second seat: a score, a name of one byte with its length, a flag and a value
  CHECK(two.size() - one.size() == 8 + 2 + 1 + 8);
}

TEST_CASE("names that the seat before has too are refused where they are repeated") {
  WorldResult result;
  result.seats.assign(2, {"", 1, {{"n", 3}}});
  std::string bytes;
  encode_result(result, bytes);
  REQUIRE(decode_result(bytes).has_value());
  // version, number of seats, two seats, then of the first: a flag, one name and its value
  const std::size_t flag = 1 + 2 + 2 * 9 + (1 + 2 + 2 + 8);
  REQUIRE(bytes[flag] == 0);
  bytes.replace(flag, 1, std::string("\1\1\0\1n", 5));
  CHECK_FALSE(decode_result(bytes).has_value());
  CHECK_FALSE(check_result(bytes).has_value());
}

TEST_CASE("a result of version 1 still reads") {
  // one seat ("A", 1.5), one counter ("k", 2), the payload "p"
  const std::string bytes("\1\1\0\0\0\0\0\0\0\xf8\x3f\1A\1\0\0\0\0\0\0\0\0\x40\1k\1\0\0\0p", 30);
  WorldResult expected;
  expected.seats = {{"A", 1.5}};
  expected.counters = {{"k", 2}};
  expected.payload = "p";
  CHECK(decode_result(bytes) == expected);
  CHECK(check_result(bytes).value().seats == 1);
}

TEST_CASE("forfeits are kept with their seats, and a result without any has no room for them") {
  WorldResult result = sample();
  std::string without;
  encode_result(result, without);
  result.seats[1].forfeit = "signal 11 (SIGSEGV)";
  result.seats[3].forfeit = "no move within 2 s";
  std::string bytes;
  encode_result(result, bytes);
  CHECK(decode_result(bytes) == result);
  CHECK(check_result(bytes).value().forfeits == std::vector<std::uint32_t>{1, 3});
  CHECK(has_forfeits(bytes));
  CHECK(bytes.size() - without.size() == 4 * 2 + 19 + 18);
  CHECK_FALSE(is_same_result(bytes, without));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(check_result(bytes.substr(0, size)).has_value());
  }
}

TEST_CASE("a result that claims forfeits and names none is refused") {
  WorldResult result;
  result.seats = {{"a", 1}};
  std::string bytes;
  encode_result(result, bytes);
  bytes[0] = 3;
  const std::size_t after_seat_counters = 1 + 2 + (8 + 2) + 1;
  bytes.insert(after_seat_counters, std::string(2, '\0'));
  CHECK_FALSE(check_result(bytes).has_value());
}

TEST_CASE("the text of a forfeit is cut where it is too long") {
  WorldResult result;
  result.seats = {{"a", 1, {}, std::string(kLongestForfeit + 1, 'x')}};
  std::string bytes;
  encode_result(result, bytes);
  CHECK(decode_result(bytes).value().seats[0].forfeit.size() == kLongestForfeit);
}

TEST_CASE("a seat with too many counters is refused with their number") {
  WorldResult result;
  result.seats.resize(1);
  result.seats[0].counters.resize(kMostSeatCounters + 1);
  std::string bytes;
  CHECK_THROWS_WITH_AS(encode_result(result, bytes),
                       "the world's result has 1001 counters of a seat; the limit is 1000",
                       std::length_error);
  result.seats[0].counters.pop_back();
  bytes.clear();
  encode_result(result, bytes);
  CHECK(decode_result(bytes) == result);
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
