// The native games against the reference implementation: the same economies, played by the same
// types of agents, and the distributions of what came out of them. Every comparison of an economy
// is made at once, so that all of them hold together at 99 % (Holm).

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "tests/support/scml_reference.hpp"
#include "tests/support/scml_setup.hpp"

namespace joust::test {
namespace {

using worlds::scml::Economy;
using worlds::scml::Game;
using worlds::scml::Rules;

constexpr double kLevel = 0.01;
// With AddressSanitizer a game takes twenty times as long.
#if defined(__SANITIZE_ADDRESS__)
constexpr int kRuns = 20;
constexpr int kGroups = 5;
#else
constexpr int kRuns = 150;
constexpr int kGroups = 25;
#endif

struct Moments {
  double mean = 0;
  double variance = 0;  // of the sample
  double count = 0;
};

Moments moments_of(const std::vector<Outcomes>& runs, const std::string& name) {
  Moments all;
  all.count = static_cast<double>(runs.size());
  for (const Outcomes& run : runs) all.mean += run.at(name) / all.count;
  for (const Outcomes& run : runs) {
    const double off = run.at(name) - all.mean;
    all.variance += off * off / (all.count - 1);
  }
  return all;
}

// The probability of a difference as large by chance, two-sided; `error` is its standard error.
double chance(double difference, double error, double degrees) {
  constexpr double kRounding = 5e-4;  // the reference's figures are rounded
  if (std::abs(difference) < kRounding) return 1;
  if (error == 0) return 0;
  const boost::math::students_t distribution(degrees);
  return 2 * boost::math::cdf(boost::math::complement(distribution, std::abs(difference / error)));
}

// Welch's t test.
double chance_of_equal_means(const Moments& a, const Moments& b) {
  const double va = a.variance / a.count;
  const double vb = b.variance / b.count;
  const double degrees =
      (va + vb) * (va + vb) / (va * va / (a.count - 1) + vb * vb / (b.count - 1));
  return chance(a.mean - b.mean, std::sqrt(va + vb), va + vb > 0 ? degrees : 1);
}

// How likely one more value of the sample is as far out as `value`.
double chance_of_one_more(const Moments& sample, double value) {
  return chance(value - sample.mean, std::sqrt(sample.variance * (1 + 1 / sample.count)),
                sample.count - 1);
}

// What differs more than chance allows at all of the comparisons together; the smallest counts.
struct Verdict {
  double smallest = 1;
  std::size_t comparisons = 0;
  std::string worst;

  void add(double p, const std::string& what) {
    ++comparisons;
    if (p < smallest) {
      smallest = p;
      worst = what;
    }
  }
  // Holm rejects something if and only if it rejects the smallest.
  bool all_agree() const { return smallest >= kLevel / static_cast<double>(comparisons); }
};

std::vector<Outcomes> play(const Rules& rules, const Economy& economy, int runs,
                           std::uint64_t first_seed, bool share_ranks) {
  std::vector<Outcomes> all;
  for (int i = 0; i < runs; ++i) {
    const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
    all.push_back(play_once(rules, economy, seed, share_ranks ? first_seed : seed));
  }
  return all;
}

// Games in processes of their own against games with ranks of their own.
Verdict compare_runs(const Rules& rules, const ReferenceEconomy& reference) {
  const std::vector<Outcomes> native = play(rules, reference.economy, kRuns, 1, false);
  Verdict verdict;
  for (const auto& [name, value] : native.front()) {
    const Moments ours = moments_of(native, name);
    const Moments theirs = moments_of(reference.runs, name);
    verdict.add(
        chance_of_equal_means(ours, theirs),
        fmt::format("{}: {:.4f} here, {:.4f} in the reference", name, ours.mean, theirs.mean));
  }
  return verdict;
}

// The games of one process against those of many groups that share their ranks: its mean is one
// more of theirs, and its first game one more of their games.
Verdict compare_process(const Rules& rules, const ReferenceEconomy& reference) {
  constexpr std::uint64_t kFirst = 10'000;
  std::vector<Outcomes> means;
  std::vector<Outcomes> firsts;
  for (int group = 0; group < kGroups; ++group) {
    const std::uint64_t seed = kFirst + static_cast<std::uint64_t>(group * reference.process_runs);
    const std::vector<Outcomes> runs =
        play(rules, reference.economy, reference.process_runs, seed, true);
    Outcomes mean;
    for (const auto& [name, value] : runs.front()) mean[name] = moments_of(runs, name).mean;
    means.push_back(std::move(mean));
    firsts.push_back(runs.front());
  }
  Verdict verdict;
  const auto compare = [&verdict](const Outcomes& theirs, const std::vector<Outcomes>& ours) {
    for (const auto& [name, value] : theirs) {
      const Moments sample = moments_of(ours, name);
      verdict.add(
          chance_of_one_more(sample, value),
          fmt::format("{}: {:.4f} here, {:.4f} in the reference", name, sample.mean, value));
    }
  };
  compare(reference.process_means, means);
  compare(reference.process_first, firsts);
  return verdict;
}

TEST_CASE("scores, prices and quantities are distributed as in the reference") {
  for (const Game game : {Game::oneshot, Game::standard}) {
    for (const ReferenceEconomy& reference : reference_economies(game)) {
      CAPTURE(reference.name);
      REQUIRE(reference.runs.size() >= 20);
      const Verdict verdict = compare_runs(default_rules(game), reference);
      INFO("p = ", verdict.smallest, " of ", verdict.comparisons, " for ", verdict.worst);
      CHECK(verdict.comparisons >= reference.economy.factories.size());
      CHECK(verdict.all_agree());
    }
  }
}

TEST_CASE("so are those of many games of one process of the reference") {
  for (const Game game : {Game::oneshot, Game::standard}) {
    for (const ReferenceEconomy& reference : reference_economies(game)) {
      if (reference.process_runs == 0) continue;
      CAPTURE(reference.name);
      const Verdict verdict = compare_process(default_rules(game), reference);
      INFO("p = ", verdict.smallest, " of ", verdict.comparisons, " for ", verdict.worst);
      CHECK(verdict.comparisons >= reference.economy.factories.size());
      CHECK(verdict.all_agree());
    }
  }
}

TEST_CASE("what the reference does by mistake makes a difference that these comparisons notice") {
  for (const Game game : {Game::oneshot, Game::standard}) {
    Rules rules = default_rules(game);
    rules.reference_quirks = false;
    rules.passes = 0;
    for (const ReferenceEconomy& reference : reference_economies(game)) {
      CAPTURE(reference.name);
      CHECK_FALSE(compare_runs(rules, reference).all_agree());
    }
  }
}

TEST_CASE("a slightly different rule is noticed, too") {
  // prices may be 13 % from the trading price instead of 10 %
  const ReferenceEconomy reference = reference_economies(Game::standard).front();
  Rules rules = default_rules(Game::standard);
  rules.price_range_fraction = 0.13;
  CHECK_FALSE(compare_runs(rules, reference).all_agree());
}

}  // namespace
}  // namespace joust::test
