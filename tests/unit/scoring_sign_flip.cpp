#include "runner/scoring/sign_flip.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/recipe_sample.hpp"

using namespace joust::scoring;
using namespace joust::test;

TEST_CASE("the sign-flip test of few blocks agrees with a list of all patterns") {
  const auto cases = statistics_data("signs.json")["listed"];
  CHECK(cases.size() == 10);
  for (const auto& expected : cases) {
    const std::string name = expected["name"];
    CAPTURE(name);
    const auto totals = expected["totals"].get<std::vector<double>>();
    CHECK(sign_flip_p(totals, expected["tolerance"], {}) == expected["p"].get<double>());
  }
}

TEST_CASE("the sign-flip test of many blocks is near the exact probability") {
  const auto cases = statistics_data("signs.json")["drawn"];
  CHECK(cases.size() == 3);
  const std::vector<SignPattern> patterns = draw_signs(42, 99'999);
  for (const auto& expected : cases) {
    const std::string name = expected["name"];
    CAPTURE(name);
    const auto totals = expected["totals"].get<std::vector<double>>();
    const double want = expected["p"];
    const double got = sign_flip_p(totals, 1e-9, patterns);
    CAPTURE(want);
    CAPTURE(got);
    // five standard deviations of a share of 99,999 draws
    CHECK(std::fabs(got - want) < 5 * std::sqrt(want * (1 - want) / 99'999));
  }
}

TEST_CASE("a pattern that equals the observed one but for rounding counts") {
  // the observed 0.1 + 0.2 + 0.3 - 0.3 is two last places above 0.3; six sums that are 0.3 in
  // decimals are not as far
  const std::vector<double> totals{0.1, 0.2, 0.3, -0.3};
  CHECK(sign_flip_p(totals, 1e-12, {}) == 12.0 / 16);
  CHECK(sign_flip_p(totals, 0, {}) == 6.0 / 16);
}

TEST_CASE("drawn signs never give a p of 0 and repeat with the seed") {
  const std::vector<SignPattern> patterns = draw_signs(7, 999);
  CHECK(patterns == draw_signs(7, 999));
  CHECK(patterns != draw_signs(8, 999));
  const std::vector<double> one_sided(100, 1.0);
  CHECK(sign_flip_p(one_sided, 1e-9, patterns) == 1.0 / 1000);
  CHECK(sign_flip_p(std::vector<double>(100, 0.0), 0, patterns) == 1);
  CHECK(std::isnan(sign_flip_p(std::vector<double>{1.0, std::nan("")}, 0, patterns)));
}

TEST_CASE("twenty-four blocks are still enumerated") {
  const std::vector<double> totals(24, 0.5);
  CHECK(sign_flip_p(totals, 1e-9, {}) == 0x1p-23);
}

TEST_CASE("Holm's adjustment agrees with its definition and passes undefined tests over") {
  const auto cases = statistics_data("signs.json")["holm"];
  for (const auto& expected : cases) {
    auto p_values = expected["p"].get<std::vector<double>>();
    const auto adjusted = expected["adjusted"].get<std::vector<double>>();
    p_values.insert(p_values.begin(), std::nan(""));
    adjust_by_holm(p_values);
    CHECK(std::isnan(p_values[0]));
    for (std::size_t i = 0; i < adjusted.size(); ++i) {
      CAPTURE(i);
      CHECK(agrees(p_values[i + 1], adjusted[i], 1e-15));
    }
  }
}
