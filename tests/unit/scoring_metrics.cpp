#include "runner/scoring/metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

using joust::Metric;
using namespace joust::scoring;

namespace {

// pandas leaves a rounding error of 1e-16 where the scores are all equal and joust leaves none.
void check_close(const std::string& what, double got, const nlohmann::json& expected) {
  CAPTURE(what);
  if (expected.is_null()) {
    CHECK(std::isnan(got));
    return;
  }
  const double want = expected.get<double>();
  CAPTURE(got);
  CAPTURE(want);
  CHECK(std::fabs(got - want) <= 1e-13 * std::max(std::fabs(want), 1e-2));
}

}  // namespace

TEST_CASE("summaries agree with what numpy and pandas compute") {
  std::ifstream file(JOUST_TEST_DATA "/scoring/metrics.json");
  REQUIRE(file.is_open());
  const auto cases = nlohmann::json::parse(file);
  CHECK(cases.size() == 12);
  for (const auto& expected : cases) {
    const std::string name = expected["name"];
    CAPTURE(name);
    auto scores = expected["scores"].get<std::vector<double>>();
    const Summary summary = summarise(scores);
    CHECK(summary.count == expected["count"].get<std::uint64_t>());
    check_close("sum", metric_value(Metric::sum, summary), expected["sum"]);
    check_close("mean", metric_value(Metric::mean, summary), expected["mean"]);
    check_close("truncated_mean", metric_value(Metric::truncated_mean, summary),
                expected["truncated_mean"]);
    check_close("std", metric_value(Metric::std, summary), expected["std"]);
    CHECK(metric_value(Metric::min, summary) == expected["min"].get<double>());
    CHECK(summary.q1 == expected["25%"].get<double>());
    CHECK(metric_value(Metric::median, summary) == expected["median"].get<double>());
    CHECK(summary.q3 == expected["75%"].get<double>());
    CHECK(metric_value(Metric::max, summary) == expected["max"].get<double>());
  }
}

TEST_CASE("no score makes every number undefined") {
  std::vector<double> none;
  const Summary summary = summarise(none);
  CHECK(summary.count == 0);
  for (const Metric metric : {Metric::mean, Metric::median, Metric::truncated_mean, Metric::min,
                              Metric::max, Metric::std, Metric::sum}) {
    CAPTURE(joust::metric_name(metric));
    CHECK(std::isnan(metric_value(metric, summary)));
  }
}

TEST_CASE("the order of the scores changes no bit of a summary") {
  std::vector<double> scores(1000);
  for (int i = 0; i < 1000; ++i) {
    scores[static_cast<std::size_t>(i)] = std::sin(i) * std::pow(10.0, i % 17 - 8);
  }
  std::vector<double> reversed(scores.rbegin(), scores.rend());
  const Summary a = summarise(scores);
  const Summary b = summarise(reversed);
  CHECK(a.sum == b.sum);
  CHECK(a.mean == b.mean);
  CHECK(a.std == b.std);
  CHECK(a.truncated_mean == b.truncated_mean);
}

TEST_CASE("a sum keeps the small terms between large ones that cancel") {
  const std::vector<double> values = {1.0, 1e100, 1.0, -1e100};
  CHECK(compensated_sum(values) == 2.0);
  const std::vector<double> huge = {1.7e308, 1.7e308};
  CHECK(compensated_sum(huge) == std::numeric_limits<double>::infinity());
}
