#include "common/text.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace joust {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("durations are read exactly, with every unit") {
  CHECK(parse_duration("0s") == nanoseconds(0));
  CHECK(parse_duration("7ns") == nanoseconds(7));
  CHECK(parse_duration("20us") == std::chrono::microseconds(20));
  CHECK(parse_duration("250ms") == std::chrono::milliseconds(250));
  CHECK(parse_duration("15m") == std::chrono::minutes(15));
  CHECK(parse_duration("1.5h") == std::chrono::minutes(90));
  CHECK(parse_duration("2d") == std::chrono::hours(48));
  CHECK(parse_duration("0.1s") == std::chrono::milliseconds(100));
  CHECK(parse_duration("1.000000001s") == nanoseconds(1'000'000'001));
  CHECK(parse_duration("9223372036854775807ns") == Duration::max());
  CHECK(parse_duration("0001.5000000000000000000000000000s") == std::chrono::milliseconds(1500));
}

TEST_CASE("what is no duration, negative, or too large is refused") {
  for (const char* text : {"",
                           "s",
                           "15",
                           "0",
                           "-1s",
                           "+1s",
                           "1 s",
                           " 1s",
                           "1s ",
                           "1S",
                           "1.s",
                           ".5s",
                           "1e3s",
                           "1h30m",
                           "0.5ns",
                           "1.0000000001s",
                           "nan",
                           "inf",
                           "9223372036854775808ns",
                           "106752d",
                           "99999999999999999999999999999999s",
                           "0x10s",
                           "1,5s",
                           "15min"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("sizes are read with powers of 1000 and of 1024") {
  CHECK(parse_size("4096") == 4096);
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("5B") == 5);
  CHECK(parse_size("3KB") == 3000);
  CHECK(parse_size("10MB") == 10'000'000);
  CHECK(parse_size("1GB") == 1'000'000'000);
  CHECK(parse_size("64KiB") == 65536);
  CHECK(parse_size("1.5MiB") == 1572864);
  CHECK(parse_size("2GiB") == 2147483648);
  CHECK(parse_size("1TiB") == 1099511627776);
  CHECK(parse_size("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("what is no size or too large is refused") {
  for (const char* text : {"", "KiB", "-1", "1.5", "0.5B", "1 KiB", "1kb", "1TB", "1K",
                           "18446744073709551616", "16777216TiB"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("durations and sizes are written in the largest unit that divides them") {
  CHECK(format_duration(nanoseconds(0)) == "0s");
  CHECK(format_duration(std::chrono::minutes(15)) == "15m");
  CHECK(format_duration(std::chrono::seconds(90)) == "90s");
  CHECK(format_duration(std::chrono::milliseconds(1500)) == "1500ms");
  CHECK(format_duration(std::chrono::hours(48)) == "2d");
  CHECK(format_duration(Duration::max()) == "9223372036854775807ns");
  CHECK(format_size(0) == "0B");
  CHECK(format_size(1000) == "1000B");
  CHECK(format_size(65536) == "64KiB");
  CHECK(format_size(2147483648) == "2GiB");
  CHECK(format_size(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615B");
}

TEST_CASE("a written duration or size reads back as the same value") {
  std::uint64_t value = 1;
  for (int i = 0; i < 2000; ++i) {
    value = value * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::uint64_t number = value >> (1 + i % 63);
    CAPTURE(number);
    CHECK(parse_size(format_size(number)) == number);
    const Duration duration(static_cast<Duration::rep>(number));
    CHECK(parse_duration(format_duration(duration)) == duration);
  }
}

TEST_CASE("nearest names are those a typist may have meant, nearest first") {
  using Names = std::vector<std::string>;
  const Names keys = {"name", "seed", "configs", "runs", "competitors_per_world", "metric"};
  CHECK(nearest_names("sede", keys) == Names{"seed"});
  CHECK(nearest_names("Configs", keys) == Names{"configs"});
  CHECK(nearest_names("conifgs", keys) == Names{"configs"});
  CHECK(nearest_names("competitors", keys) == Names{"competitors_per_world"});
  CHECK(nearest_names("nsteps", {"n_lines", "n_steps", "steps"}) == Names{"n_steps", "steps"});
  CHECK(nearest_names("oneshot", {"scml-std", "scml-oneshot"}) == Names{"scml-oneshot"});
  CHECK(nearest_names("aab", {"aaa", "aac", "aad", "aae", "aab"}) == Names{"aab", "aaa", "aac"});
  CHECK(nearest_names("zebra", keys).empty());
  CHECK(nearest_names("", keys).empty());
  CHECK(nearest_names("seed", {}).empty());
}

}  // namespace
}  // namespace joust
