// Spreading quantities over partners, and choosing among their offers.

#include "worker/worlds/scml/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <numeric>

#include "worker/worlds/scml/draws.hpp"
#include "worker/worlds/scml/subset.hpp"

namespace {

using namespace joust::worlds::scml;

std::vector<int> spread(joust::Rng& rng, int quantity, int n, bool equal) {
  std::vector<int> bins(static_cast<std::size_t>(n), -1);
  distribute(rng, quantity, {.equal = equal}, bins);
  return bins;
}

int total_of(const std::vector<int>& quantities, std::uint32_t members) {
  int total = 0;
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    if ((members >> i & 1U) != 0) total += quantities[i];
  }
  return total;
}

// No subset is nearer, nor as near with more members.
void check_best(const Subset& best, const std::vector<int>& quantities, int target) {
  CHECK(std::abs(total_of(quantities, best.members) - target) == best.distance);
  for (std::uint32_t members = 0; members < (1U << quantities.size()); ++members) {
    const int distance = std::abs(total_of(quantities, members) - target);
    CAPTURE(target);
    CAPTURE(members);
    CHECK(distance >= best.distance);
    if (distance == best.distance) CHECK(std::popcount(members) <= std::popcount(best.members));
  }
}

int sum(const std::vector<int>& values) { return std::accumulate(values.begin(), values.end(), 0); }
int least(const std::vector<int>& values) {
  return *std::min_element(values.begin(), values.end());
}
int most(const std::vector<int>& values) { return *std::max_element(values.begin(), values.end()); }

}  // namespace

TEST_CASE("a distributed quantity keeps its sum, and everyone gets some when there is enough") {
  joust::Rng rng = joust::make_rng(1, 1);
  for (int n = 1; n <= 8; ++n) {
    for (int quantity = 0; quantity <= 24; ++quantity) {
      for (const bool equal : {false, true}) {
        const std::vector<int> bins = spread(rng, quantity, n, equal);
        CAPTURE(n);
        CAPTURE(quantity);
        CAPTURE(equal);
        CHECK(sum(bins) == quantity);
        CHECK(least(bins) >= (quantity >= n ? (equal ? quantity / n : 1) : 0));
        if (quantity <= n) CHECK(most(bins) <= 1);
      }
    }
  }
}

TEST_CASE("no partners and negative quantities are harmless") {
  joust::Rng rng = joust::make_rng(2, 1);
  CHECK(spread(rng, 5, 0, false).empty());
  CHECK(spread(rng, -3, 3, false) == std::vector<int>{0, 0, 0});
}

TEST_CASE("every partner gets the same on average") {
  joust::Rng rng = joust::make_rng(3, 1);
  constexpr int kTrials = 4000;
  for (const int quantity : {2, 11}) {
    std::vector<double> mean(4, 0);
    for (int i = 0; i < kTrials; ++i) {
      const std::vector<int> bins = spread(rng, quantity, 4, false);
      for (std::size_t b = 0; b < 4; ++b) mean[b] += bins[b] / static_cast<double>(kTrials);
    }
    for (const double m : mean) {
      INFO("quantity ", quantity, " mean ", m);
      CHECK(std::abs(m - quantity / 4.0) < 0.1);
    }
  }
}

TEST_CASE("the nearest subset beats every other subset") {
  joust::Rng rng = joust::make_rng(4, 1);
  std::vector<int> scratch;
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<int> quantities(static_cast<std::size_t>(draw_int(rng, 0, 7)));
    for (int& quantity : quantities) quantity = draw_int(rng, 1, 10);
    const int target = draw_int(rng, -3, 30);
    check_best(nearest_subset(quantities, target, scratch), quantities, target);
  }
}

TEST_CASE("an exact match is found and a negative need takes nothing") {
  std::vector<int> scratch;
  const std::vector<int> quantities = {4, 3, 8};
  CHECK(nearest_subset(quantities, 11, scratch).members == 0b110);
  CHECK(nearest_subset(quantities, -2, scratch).members == 0);
  CHECK(nearest_subset(quantities, -2, scratch).distance == 2);
}

TEST_CASE("a concentrated quantity fills one bin after the other, in any order") {
  joust::Rng rng = joust::make_rng(2, 1);
  const auto sorted = [&](int quantity, bool may_be_zero) {
    std::vector<int> bins(4);
    distribute(rng, quantity, {.may_be_zero = may_be_zero, .concentrated = true, .most = 5}, bins);
    std::sort(bins.begin(), bins.end(), std::greater<>());
    return bins;
  };
  using Bins = std::vector<int>;
  CHECK(sorted(7, true) == Bins{5, 2, 0, 0});
  CHECK(sorted(7, false) == Bins{4, 1, 1, 1});
  CHECK(sorted(3, false) == Bins{1, 1, 1, 0});
  CHECK(sorted(13, false) == Bins{5, 5, 2, 1});
  CHECK(sorted(100, true) == Bins{5, 5, 5, 5});  // more does not fit
  CHECK(sorted(-3, true) == Bins{0, 0, 0, 0});
  std::vector<int> firsts(4, 0);
  for (int i = 0; i < 100; ++i) {
    std::vector<int> bins(4);
    distribute(rng, 5, {.may_be_zero = true, .concentrated = true, .most = 5}, bins);
    for (std::size_t bin = 0; bin < bins.size(); ++bin) firsts[bin] += bins[bin];
  }
  CHECK(least(firsts) > 0);
}

TEST_CASE("where a bin may be empty, all units fall at random, and no more than all can hold") {
  joust::Rng rng = joust::make_rng(3, 1);
  bool any_empty = false;
  for (int i = 0; i < 100; ++i) {
    std::vector<int> bins(3);
    distribute(rng, 6, {.may_be_zero = true, .most = 30}, bins);
    CHECK(sum(bins) == 6);
    any_empty = any_empty || least(bins) == 0;
    distribute(rng, 10, {.most = 3}, bins);
    CHECK(sum(bins) == 9);
    CHECK(least(bins) >= 1);
    distribute(rng, 3, {.may_be_zero = true}, bins);  // as many as there are bins: one for each
    CHECK(bins == std::vector<int>{1, 1, 1});
  }
  CHECK(any_empty);
}
