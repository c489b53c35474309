#include "runner/scoring/inference.hpp"

#include <doctest/doctest.h>
#include <tbb/global_control.h>

#include <bit>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "common/random.hpp"
#include "runner/scoring/blocks.hpp"
#include "runner/scoring/score_book.hpp"

using joust::Metric;
using namespace joust::scoring;

namespace {

constexpr Metric kMetrics[] = {Metric::mean, Metric::median, Metric::truncated_mean,
                               Metric::min,  Metric::max,    Metric::std,
                               Metric::sum};

// score[config][world][competitor]; NaN: did not sit there, or has no usable score.
using Scores = std::vector<std::vector<std::vector<double>>>;

Inference infer_from(const Scores& scores, Metric metric, const std::vector<std::uint32_t>& ranks,
                     std::uint64_t seed = 1) {
  const auto competitors = static_cast<std::uint32_t>(ranks.size());
  Blocks blocks(static_cast<std::uint32_t>(scores.size()), competitors);
  ScoreBook book(competitors, true);
  for (std::uint32_t config = 0; config < scores.size(); ++config) {
    for (const std::vector<double>& world : scores[config]) {
      std::vector<SeatScore> seats;
      for (std::uint32_t c = 0; c < competitors; ++c) {
        if (std::isnan(world[c])) continue;
        seats.push_back({c, world[c]});
        book.add(c, world[c], blocks.group_of(config));
      }
      blocks.add_world(config, seats);
    }
  }
  book.sort();
  std::vector<ResampledMetric> metrics;
  for (std::uint32_t c = 0; c < competitors; ++c) {
    metrics.emplace_back(metric, book.scores()[c], book.groups(c), blocks.groups());
  }
  return infer(seed, blocks, metrics, ranks);
}

// Every number as its bits, so that NaN equals NaN and -0 differs from 0.
std::vector<std::uint64_t> bits_of(const Inference& inference) {
  std::vector<std::uint64_t> bits{inference.blocks, inference.draws};
  const auto add = [&](double value) { bits.push_back(std::bit_cast<std::uint64_t>(value)); };
  for (const CompetitorInference& competitor : inference.competitors) {
    add(competitor.interval.low);
    add(competitor.interval.high);
    for (const double probability : competitor.rank_probability) add(probability);
    bits.push_back(competitor.tied_with_winner ? 1 : 0);
  }
  for (const PairInference& pair : inference.pairs) {
    for (const double value : {pair.difference, pair.interval.low, pair.interval.high, pair.p,
                               pair.p_holm, pair.a_beats_b}) {
      add(value);
    }
  }
  return bits;
}

// Blocks with an effect of their own, worlds with noise; competitor c is better by c * step.
Scores noisy_scores(std::uint64_t seed, std::size_t configs, std::size_t worlds,
                    std::size_t competitors, double step) {
  joust::Rng rng = joust::make_rng(seed, 77);
  boost::random::normal_distribution<double> normal;
  Scores scores(configs);
  for (auto& config : scores) {
    std::vector<double> effect(competitors);
    for (double& value : effect) value = normal(rng);
    for (std::size_t world = 0; world < worlds; ++world) {
      std::vector<double>& row = config.emplace_back();
      for (std::size_t c = 0; c < competitors; ++c) {
        row.push_back(effect[c] + 0.3 * normal(rng) + step * static_cast<double>(c));
      }
    }
  }
  return scores;
}

}  // namespace

TEST_CASE("the inference is the same to the bit for any number of threads") {
  Scores scores = noisy_scores(5, 40, 6, 4, 0.1);
  scores[3][2][1] = std::nan("");
  for (const Metric metric : kMetrics) {
    CAPTURE(joust::metric_name(metric));
    std::vector<std::vector<std::uint64_t>> seen;
    for (const std::size_t threads : {1U, 2U, 4U}) {
      const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
      seen.push_back(bits_of(infer_from(scores, metric, {4, 3, 2, 1})));
    }
    CHECK(seen[0] == seen[1]);
    CHECK(seen[0] == seen[2]);
  }
}

TEST_CASE("two mirrored blocks give the probabilities that can be counted by hand") {
  // of the four equally likely draws one is the first block twice, one the second, two hold both
  const Scores scores = {{{1, 0}}, {{0, 1}}};
  const Inference inference = infer_from(scores, Metric::mean, {1, 1});
  CHECK(inference.blocks == 2);
  CHECK(inference.draws == 2000);
  CHECK(inference.few_blocks);
  const double tolerance = 0.05;  // five standard deviations of a share of 2000 draws
  for (const CompetitorInference& competitor : inference.competitors) {
    CHECK(std::fabs(competitor.rank_probability[0] - 0.75) < tolerance);
    CHECK(std::fabs(competitor.rank_probability[1] - 0.25) < tolerance);
    CHECK(competitor.interval.low == 0);
    CHECK(competitor.interval.high == 1);
  }
  REQUIRE(inference.pairs.size() == 1);
  const PairInference& pair = inference.pairs[0];
  CHECK(pair.worlds == 2);
  CHECK(pair.difference == 0);
  CHECK(pair.interval.low == -1);
  CHECK(pair.interval.high == 1);
  CHECK(pair.p == 1);
  CHECK(std::fabs(pair.a_beats_b - 0.5) < tolerance);
}

TEST_CASE("competitors with the same scores share rank 1 in every draw") {
  Scores scores = noisy_scores(8, 12, 5, 3, 0);
  for (auto& config : scores) {
    for (auto& world : config) world[2] = world[0];
    for (auto& world : config) world[1] = world[0] - 10;
  }
  for (const Metric metric : {Metric::mean, Metric::median, Metric::truncated_mean, Metric::sum}) {
    CAPTURE(joust::metric_name(metric));
    const Inference inference = infer_from(scores, metric, {1, 3, 1});
    CHECK(inference.competitors[0].rank_probability == std::vector<double>{1, 0, 0});
    CHECK(inference.competitors[2].rank_probability == std::vector<double>{1, 0, 0});
    CHECK(inference.competitors[1].rank_probability == std::vector<double>{0, 0, 1});
    CHECK(inference.pairs[1].a_beats_b == 0.5);
    CHECK(inference.pairs[1].p == 1);
    CHECK(inference.competitors[0].tied_with_winner);
    CHECK(inference.competitors[2].tied_with_winner);
    CHECK_FALSE(inference.competitors[1].tied_with_winner);
    // twelve blocks, all to one side, in three tests
    CHECK(inference.pairs[0].p == 0x1p-11);
    CHECK(inference.pairs[0].p_holm == 3 * 0x1p-11);
  }
}

TEST_CASE("who has no score has no rank, no interval and no pair, and is not tied") {
  Scores scores = noisy_scores(9, 12, 2, 3, 0);
  for (auto& config : scores) {
    for (auto& world : config) world[1] = std::nan("");
  }
  const Inference inference = infer_from(scores, Metric::median, {1, 0, 2});
  CHECK(std::isnan(inference.competitors[1].interval.low));
  CHECK(inference.competitors[1].rank_probability == std::vector<double>{0, 0, 0});
  CHECK_FALSE(inference.competitors[1].tied_with_winner);
  CHECK(inference.pairs[0].worlds == 0);
  CHECK(std::isnan(inference.pairs[0].p_holm));
  CHECK(std::isnan(inference.pairs[0].a_beats_b));
  // the only test there is, so that nothing is adjusted
  CHECK(inference.pairs[1].p == inference.pairs[1].p_holm);
}

TEST_CASE("competitors that never met are compared by the metric") {
  Scores scores(12);
  for (auto& config : scores) {
    config = {{1.0, std::nan("")}, {std::nan(""), 0.0}};
  }
  const Inference inference = infer_from(scores, Metric::mean, {1, 2});
  CHECK(inference.pairs[0].worlds == 0);
  CHECK(inference.pairs[0].a_beats_b == 1);
  CHECK_FALSE(inference.competitors[1].tied_with_winner);
}

TEST_CASE("a single block can not be resampled and separates nobody") {
  const Inference inference = infer_from({{{3, 1}, {2, 1}}}, Metric::mean, {1, 2});
  CHECK(inference.blocks == 1);
  CHECK(inference.draws == 0);
  CHECK(inference.few_blocks);
  CHECK(std::isnan(inference.competitors[0].interval.low));
  CHECK(inference.competitors[0].rank_probability.empty());
  CHECK(inference.pairs[0].difference == 1.5);
  CHECK(inference.pairs[0].p == 1);
  CHECK(inference.competitors[1].tied_with_winner);
}

TEST_CASE("95 percent intervals hold the truth about that often") {
  // the true mean of either competitor and of their difference is 0; 30 blocks
  constexpr std::uint64_t kTournaments = 300;
  std::uint64_t values = 0;
  std::uint64_t differences = 0;
  std::uint64_t rejected = 0;
  for (std::uint64_t seed = 0; seed < kTournaments; ++seed) {
    const Inference inference =
        infer_from(noisy_scores(seed, 30, 3, 2, 0), Metric::mean, {1, 2}, seed);
    const auto holds = [](const Interval& interval) {
      return interval.low <= 0 && 0 <= interval.high ? 1U : 0U;
    };
    values += holds(inference.competitors[0].interval);
    differences += holds(inference.pairs[0].interval);
    rejected += inference.pairs[0].p <= 0.05 ? 1U : 0U;
  }
  // 285 and 15 expected; a percentile interval of 30 blocks is a little narrow
  CHECK(values > 265);
  CHECK(values < 298);
  CHECK(differences > 265);
  CHECK(differences < 298);
  CHECK(rejected > 4);
  CHECK(rejected < 30);
}

TEST_CASE("the interval of a mean is as wide as theory says") {
  const Scores scores = noisy_scores(3, 400, 1, 2, 0);
  double sum = 0;
  double squares = 0;
  for (const auto& config : scores) {
    sum += config[0][0];
    squares += config[0][0] * config[0][0];
  }
  const double mean = sum / 400;
  const double error = std::sqrt((squares / 400 - mean * mean) / 400);
  const Interval interval = infer_from(scores, Metric::mean, {1, 2}).competitors[0].interval;
  CHECK(interval.low == doctest::Approx(mean - 1.96 * error).epsilon(0.1 * error));
  CHECK(std::fabs(interval.low - (mean - 1.96 * error)) < 0.2 * error);
  CHECK(std::fabs(interval.high - (mean + 1.96 * error)) < 0.2 * error);
}

TEST_CASE("many configurations are merged whole and many pairs leave fewer groups") {
  CHECK(group_count(5, 9) == 5);
  CHECK(group_count(1'000'000, 2) == 1024);
  CHECK(group_count(1'000'000, 50) == 213);
  CHECK(group_count(1'000'000, 512) == 32);
  CHECK(group_count(7, 512) == 7);

  Blocks blocks(3000, 2);
  CHECK(blocks.groups() == 1024);
  const std::vector<SeatScore> world{{1, 0.5}, {0, 2.0}};
  blocks.add_world(5, world);
  blocks.add_world(1029, world);
  blocks.add_world(1029, {});
  CHECK(blocks.blocks() == 2);
  CHECK(blocks.used_groups() == std::vector<GroupIndex>{5});
  CHECK(blocks.pair(0)[5].difference == 3.0);
  CHECK(blocks.pair(0)[5].worlds == 2);
  CHECK(blocks.magnitude(0) == 5.0);
}

TEST_CASE("pairs are numbered by their first and then by their second competitor") {
  const Blocks blocks(1, 5);
  std::size_t next = 0;
  for (std::uint32_t a = 0; a < 5; ++a) {
    for (std::uint32_t b = a + 1; b < 5; ++b) CHECK(blocks.pair_index(a, b) == next++);
  }
  CHECK(blocks.pairs() == next);
}
