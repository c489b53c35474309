#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "runner/scoring/bootstrap.hpp"
#include "runner/scoring/metrics.hpp"
#include "runner/scoring/resampled_metric.hpp"
#include "tests/support/recipe_sample.hpp"

using joust::Metric;
using namespace joust::scoring;
using namespace joust::test;

namespace {

constexpr Metric kMetrics[] = {Metric::mean, Metric::median, Metric::truncated_mean,
                               Metric::min,  Metric::max,    Metric::std,
                               Metric::sum};

struct GroupedScores {
  std::vector<double> sorted;
  std::vector<GroupIndex> groups;
};

// Score i belongs to group i * 7 modulo the groups, as in make_statistics.py.
GroupedScores grouped(std::vector<double> scores, std::uint32_t groups) {
  std::vector<std::pair<double, GroupIndex>> both;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    both.emplace_back(scores[i], static_cast<GroupIndex>(i * 7 % groups));
  }
  std::sort(both.begin(), both.end());
  GroupedScores result;
  for (const auto& [score, group] : both) {
    result.sorted.push_back(score);
    result.groups.push_back(group);
  }
  return result;
}

// The slow way: every score as often as its group was drawn.
double by_repetition(Metric metric, const GroupedScores& scores,
                     const std::vector<std::uint32_t>& weights) {
  std::vector<double> drawn;
  for (std::size_t i = 0; i < scores.sorted.size(); ++i) {
    drawn.insert(drawn.end(), weights[scores.groups[i]], scores.sorted[i]);
  }
  return metric_value(metric, summarise(drawn));
}

}  // namespace

TEST_CASE("the metrics of a resampled tournament agree with numpy's of the repeated scores") {
  const auto cases = statistics_data("resampling.json");
  CHECK(cases.size() == 6);
  for (const auto& expected : cases) {
    const std::string name = expected["name"];
    CAPTURE(name);
    std::vector<double> scores = recipe_sample(expected["scores"]);
    for (std::size_t i = 0; expected["outliers"] && i < scores.size(); i += 50) scores[i] *= 20;
    const std::uint32_t groups = expected["groups"];
    const GroupedScores sample = grouped(scores, groups);
    for (const Metric metric : kMetrics) {
      CAPTURE(joust::metric_name(metric));
      const ResampledMetric resampled(metric, sample.sorted, sample.groups, groups);
      for (const auto& draw : expected["draws"]) {
        const auto weights = draw["weights"].get<std::vector<std::uint32_t>>();
        const double got = resampled.value(weights);
        const double want =
            expected_number(draw["expected"][std::string(joust::metric_name(metric))]);
        CAPTURE(got);
        CAPTURE(want);
        CHECK(agrees(got, want, 1e-12));
      }
    }
  }
}

TEST_CASE("order statistics of a draw are those of the repeated scores to the bit") {
  const nlohmann::json recipe = {
      {"size", 20'000}, {"seed", 5}, {"shift", -0.3}, {"scale", 1.0}, {"grid", 3000}};
  const GroupedScores sample = grouped(recipe_sample(recipe), 100);
  std::vector<GroupIndex> used;
  for (GroupIndex group = 0; group < 100; ++group) used.push_back(group);
  std::vector<std::uint32_t> weights(100);
  for (const Metric metric : {Metric::median, Metric::min, Metric::max}) {
    CAPTURE(joust::metric_name(metric));
    const ResampledMetric resampled(metric, sample.sorted, sample.groups, 100);
    for (std::uint64_t draw = 0; draw < 40; ++draw) {
      draw_weights(3, draw, used, weights);
      CAPTURE(draw);
      CHECK(resampled.value(weights) == by_repetition(metric, sample, weights));
    }
  }
}

TEST_CASE("a draw without any score of the competitor has no value") {
  const std::vector<double> scores{1, 2};
  const std::vector<GroupIndex> groups{1, 1};
  for (const Metric metric : kMetrics) {
    CAPTURE(joust::metric_name(metric));
    const ResampledMetric resampled(metric, scores, groups, 2);
    CHECK(std::isnan(resampled.value(std::vector<std::uint32_t>{2, 0})));
    CHECK_FALSE(std::isnan(resampled.value(std::vector<std::uint32_t>{1, 1})));
    const ResampledMetric nobody(metric, {}, {}, 2);
    CHECK(std::isnan(nobody.value(std::vector<std::uint32_t>{1, 1})));
  }
}

TEST_CASE("a draw takes as many groups as are used, only those, and depends on its number") {
  const std::vector<GroupIndex> used{1, 2, 5};
  std::vector<std::uint32_t> weights(6);
  std::vector<std::uint64_t> total(6);
  for (std::uint64_t draw = 0; draw < 3000; ++draw) {
    draw_weights(9, draw, used, weights);
    std::uint64_t size = 0;
    for (std::size_t g = 0; g < weights.size(); ++g) {
      size += weights[g];
      total[g] += weights[g];
    }
    REQUIRE(size == 3);
  }
  CHECK(total[0] + total[3] + total[4] == 0);
  // 3000 expected each; the standard deviation is 45
  for (const GroupIndex group : used) {
    CHECK(total[group] > 2800);
    CHECK(total[group] < 3200);
  }
  std::vector<std::uint32_t> again(6);
  draw_weights(9, 2999, used, again);
  CHECK(again == weights);
}

TEST_CASE("resampled differences are ratios of the drawn totals") {
  const std::vector<GroupIndex> used{0, 1, 2};
  const std::vector<PairGroup> pair{{3.0, 2}, {0.0, 0}, {-1.0, 4}};
  const BootstrapDraws draws = run_bootstrap(4, {}, used, 3);
  const std::vector<double> differences = resampled_differences(draws, pair);
  std::vector<std::uint32_t> weights(3);
  std::size_t undefined = 0;
  for (std::size_t draw = 0; draw < draws.draws; ++draw) {
    draw_weights(4, draw, used, weights);
    const double worlds = 2.0 * weights[0] + 4.0 * weights[2];
    CAPTURE(draw);
    if (worlds == 0) {
      ++undefined;
      CHECK(std::isnan(differences[draw]));
    } else {
      CHECK(differences[draw] == (3.0 * weights[0] - 1.0 * weights[2]) / worlds);
    }
  }
  // the second group alone is drawn with probability 1/27
  CHECK(undefined > 40);
  CHECK(undefined < 110);
}

TEST_CASE("an interval spans the middle 95 percent and leaves undefined values out") {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back((i * 5) % 1001);
  const Interval all = percentile_interval(values);
  CHECK(all.low == 25);
  CHECK(all.high == 975);
  values.insert(values.begin(), 500, std::nan(""));
  CHECK(percentile_interval(values).low == 25);
  CHECK(std::isnan(percentile_interval(std::vector<double>(3, std::nan(""))).low));
}

TEST_CASE("equal values count half and undefined ones not at all") {
  const double nan = std::nan("");
  const std::vector<double> a{1, 2, 3, nan, 5};
  const std::vector<double> b{0, 2, 4, 1, nan};
  CHECK(share_above(a, b) == 0.5);
  CHECK(share_above(std::vector<double>{2, 2}, std::vector<double>{1, 2}) == 0.75);
  CHECK(std::isnan(share_above(std::vector<double>{nan}, std::vector<double>{1.0})));
}
