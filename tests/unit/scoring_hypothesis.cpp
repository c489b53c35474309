#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "runner/scoring/kolmogorov_smirnov.hpp"
#include "runner/scoring/pair_tests.hpp"
#include "runner/scoring/t_test.hpp"
#include "tests/support/recipe_sample.hpp"

using namespace joust::scoring;
using namespace joust::test;

namespace {

constexpr double kAgreement = 1e-9;   // relative, however small p is,
constexpr double kSmallest = 1e-307;  // while a double has all its digits

std::vector<double> sorted_sample(const nlohmann::json& recipe) {
  std::vector<double> sample = recipe_sample(recipe);
  std::sort(sample.begin(), sample.end());
  return sample;
}

void check_agrees(const std::string& what, double got, double want) {
  CAPTURE(what);
  CAPTURE(got);
  CAPTURE(want);
  const bool equal = agrees(got, want, kAgreement) || std::fabs(got - want) < kSmallest;
  CHECK(equal);
}

}  // namespace

TEST_CASE("t and Kolmogorov-Smirnov tests of two samples agree with scipy") {
  const auto cases = statistics_data("tests.json")["two_samples"];
  CHECK(cases.size() == 27);
  for (const auto& expected : cases) {
    const std::string name = expected["name"];
    CAPTURE(name);
    const std::vector<double> a = sorted_sample(expected["a"]);
    const std::vector<double> b = sorted_sample(expected["b"]);
    const TestResult t = t_test(summarise_sorted(a), summarise_sorted(b));
    check_agrees("t", t.statistic, expected_number(expected["t"]));
    check_agrees("p of t", t.p, expected_number(expected["t_p"]));
    const TestResult ks = ks_test(a, b);
    check_agrees("d", ks.statistic, expected_number(expected["d"]));
    check_agrees("p of d", ks.p, expected_number(expected["ks_p"]));
  }
}

TEST_CASE("the tail of Kolmogorov's distribution agrees with scipy wherever its formula changes") {
  const auto cases = statistics_data("tests.json")["kolmogorov"];
  CHECK(cases.size() > 150);
  for (const auto& expected : cases) {
    const std::uint64_t n = expected["n"];
    const double d = expected["d"];
    CAPTURE(n);
    CAPTURE(d);
    check_agrees("p", kolmogorov_tail(n, d), expected["p"].get<double>());
  }
}

TEST_CASE("an empty sample leaves both tests undefined") {
  const std::vector<double> none;
  const std::vector<double> some{1, 2, 3};
  CHECK(std::isnan(ks_test(none, some).p));
  CHECK(std::isnan(ks_test(some, none).statistic));
  CHECK(std::isnan(t_test(summarise_sorted(none), summarise_sorted(some)).p));
}

TEST_CASE("a constant sample has no variance even where its mean is rounded") {
  // three times 0.1 add up to more than 0.3, so that a mean of 0.1 has to be rounded back
  const std::vector<double> tenths(3, 0.1);
  const std::vector<double> fifths(7, 0.2);
  CHECK(std::isnan(t_test(summarise_sorted(tenths), summarise_sorted(tenths)).statistic));
  const TestResult apart = t_test(summarise_sorted(tenths), summarise_sorted(fifths));
  CHECK(apart.statistic == -std::numeric_limits<double>::infinity());
  CHECK(apart.p == 0);
}

TEST_CASE("pairs are tested in the given order and those with a single score are left out") {
  const std::vector<std::vector<double>> sorted{{1, 2, 3}, {5}, {2, 4}};
  std::vector<Summary> summaries;
  for (const auto& scores : sorted) summaries.push_back(summarise_sorted(scores));
  const std::vector<std::uint32_t> order{2, 1, 0};
  const std::vector<PairTests> pairs = test_pairs(order, summaries, sorted);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].a == 2);
  CHECK(pairs[0].b == 0);
  CHECK(pairs[0].n_a == 2);
  CHECK(pairs[0].n_b == 3);
  CHECK(pairs[0].t.statistic > 0);
}
