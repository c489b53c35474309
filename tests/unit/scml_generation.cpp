// The economies that are drawn for a configuration.

#include "worker/worlds/scml/generation.hpp"

#include <doctest/doctest.h>

#include <map>
#include <numeric>

#include "common/world.hpp"
#include "tests/support/scml_setup.hpp"
#include "worker/worlds/scml/exogenous.hpp"

namespace {

using namespace joust::worlds::scml;
using joust::test::default_rules;
using joust::test::percentile;

const std::vector<std::string> filler_types = {"A", "B", "C"};
constexpr int kSeats = 3;
constexpr int kEconomies = 300;

void check_percentiles(const std::vector<double>& sample, std::vector<double> expected,
                       double tolerance) {
  const std::vector<double> shares = {0.1, 0.5, 0.9};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double value = percentile(sample, shares[i]);
    INFO("percentile ", shares[i], " is ", value, ", expected ", expected[i], " +- ", tolerance);
    CHECK(std::abs(value - expected[i]) <= tolerance);
  }
}

int sum(const std::vector<int>& values) { return std::accumulate(values.begin(), values.end(), 0); }

std::vector<int> day_of(const std::vector<int>& quantities, std::size_t day, int bins) {
  const auto first = quantities.begin() + static_cast<std::ptrdiff_t>(day) * bins;
  return {first, first + bins};
}

}  // namespace

TEST_CASE("generated prices and balances have the distribution of the reference's") {
  Rules rules = default_rules();
  rules.min_factories = 5;
  rules.max_factories = 5;
  std::vector<double> price1, price2, balance0, balance1;
  for (std::uint64_t seed = 0; seed < kEconomies; ++seed) {
    const Economy economy = generate_economy(rules, kSeats, filler_types, seed);
    REQUIRE(economy.catalog_prices.size() == 3);
    CHECK(economy.catalog_prices[0] == 10);
    price1.push_back(economy.catalog_prices[1]);
    price2.push_back(economy.catalog_prices[2]);
    balance0.push_back(economy.factories.front().balance / economy.days);
    balance1.push_back(economy.factories.back().balance / economy.days);
  }
  check_percentiles(price1, {15, 16, 17}, 1);
  check_percentiles(price2, {25, 28, 29}, 1);
  check_percentiles(balance0, {200, 245, 297}, 15);
  check_percentiles(balance1, {337, 418, 509}, 25);
}

TEST_CASE("a configuration has between four and six factories on each level and k open seats") {
  const Rules rules = default_rules();
  double factories = 0;
  for (std::uint64_t seed = 0; seed < kEconomies; ++seed) {
    const Economy economy = generate_economy(rules, kSeats, filler_types, seed);
    CAPTURE(seed);
    std::map<int, int> per_level;
    int seats = 0;
    for (const Factory& factory : economy.factories) {
      ++per_level[factory.level];
      if (factory.seat >= 0) {
        CHECK(factory.seat == seats);
        CHECK(factory.type.empty());
        ++seats;
      } else {
        CHECK(std::find(filler_types.begin(), filler_types.end(), factory.type) !=
              filler_types.end());
      }
    }
    CHECK(seats == kSeats);
    CHECK(per_level.size() == 2);
    for (const auto& each : per_level) {
      const int level = each.first;
      const int count = each.second;
      CAPTURE(level);
      CHECK(count >= 4);
      CHECK(count <= 6);
    }
    factories += static_cast<double>(economy.factories.size());
  }
  INFO("mean number of factories ", factories / kEconomies);
  CHECK(factories / kEconomies == doctest::Approx(9.4).epsilon(0.03));
}

TEST_CASE("every drawn value lies in its range") {
  const Rules rules = default_rules();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Economy economy = generate_economy(rules, kSeats, filler_types, seed);
    CAPTURE(seed);
    CHECK(economy.days >= 50);
    CHECK(economy.days <= 200);
    for (const Factory& factory : economy.factories) {
      CHECK(factory.production_cost >= 1 + factory.level);
      CHECK(factory.production_cost <= 4 * (1 + factory.level));
      CHECK(factory.shortfall.mean >= 0.2);
      CHECK(factory.shortfall.mean <= 1.0);
      CHECK(factory.shortfall.deviation <= 0.1 * factory.shortfall.mean);
      CHECK(factory.disposal.mean <= 0.2);
      CHECK(factory.disposal.deviation <= 0.02 * factory.disposal.mean);
      CHECK(factory.storage.mean == 0);
      CHECK(factory.balance > 0);
    }
  }
}

TEST_CASE("exogenous trades touch only the ends of the chain and respect the lines") {
  const Rules rules = default_rules();
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Economy economy = generate_economy(rules, kSeats, filler_types, seed);
    CAPTURE(seed);
    int bought = 0;
    int sold = 0;
    for (int day = 0; day < economy.days; ++day) {
      for (std::size_t i = 0; i < economy.factories.size(); ++i) {
        const int in = economy.supplies[economy.at(day, i)].quantity;
        const int out = economy.sales[economy.at(day, i)].quantity;
        const bool first = economy.factories[i].level == 0;
        CHECK((first ? out : in) == 0);
        CHECK(in >= 0);
        CHECK(out >= 0);
        CHECK(std::max(in, out) <= rules.lines);
        bought += in;
        sold += out;
      }
    }
    CHECK(bought > 0);
    CHECK(sold > 0);
  }
}

TEST_CASE("the same configuration seed gives the same economy, another one another") {
  const Rules rules = default_rules();
  const Economy a = generate_economy(rules, kSeats, filler_types, 7);
  const Economy b = generate_economy(rules, kSeats, filler_types, 7);
  const Economy c = generate_economy(rules, kSeats, filler_types, 8);
  const auto prices = [](const Economy& economy) {
    std::vector<double> all = economy.catalog_prices;
    for (const auto& trade : economy.supplies) all.push_back(trade.total_price);
    for (const auto& trade : economy.sales) all.push_back(trade.total_price);
    for (const auto& factory : economy.factories) all.push_back(factory.shortfall.mean);
    return all;
  };
  CHECK(prices(a) == prices(b));
  CHECK(prices(a) != prices(c));
}

TEST_CASE("a random composition keeps its total and its limits") {
  joust::Rng rng = joust::make_rng(1, 1);
  const std::vector<int> limits = {0, 3, 10, 2};
  for (int total = 0; total <= 20; ++total) {
    std::vector<int> bins(4, 0);
    compose_randomly(rng, total, limits, bins);
    CAPTURE(total);
    CHECK(sum(bins) == std::min(total, 15));
    for (std::size_t i = 0; i < bins.size(); ++i) CHECK(bins[i] <= limits[i]);
  }
}

TEST_CASE("quantities spread over days stay near each day's total and within the limit") {
  joust::Rng rng = joust::make_rng(2, 1);
  constexpr int kBins = 5;
  constexpr int kLimit = 10;
  std::vector<int> totals;
  for (int total = 0; total <= kBins * kLimit; ++total) totals.push_back(total);
  for (const double predictability : {0.0, 0.3, 0.75, 1.0}) {
    const std::vector<int> all = spread_over_days(rng, totals, kBins, predictability, kLimit);
    for (std::size_t day = 0; day < totals.size(); ++day) {
      const std::vector<int> bins = day_of(all, day, kBins);
      CAPTURE(predictability);
      CAPTURE(totals[day]);
      CHECK(std::abs(sum(bins) - totals[day]) < 2 * kBins);
      CHECK(*std::min_element(bins.begin(), bins.end()) >= 0);
      CHECK(*std::max_element(bins.begin(), bins.end()) <= kLimit);
    }
  }
}

TEST_CASE("fully predictable quantities are the same on days with the same total") {
  joust::Rng rng = joust::make_rng(3, 1);
  const std::vector<int> totals(20, 33);
  const std::vector<int> all = spread_over_days(rng, totals, 4, 1.0, 10);
  for (std::size_t day = 1; day < totals.size(); ++day) {
    CHECK(day_of(all, day, 4) == day_of(all, 0, 4));
  }
}

TEST_CASE("values that do not fit together are refused with both values named") {
  joust::Parameters parameters;
  for (const auto& info : rule_parameters(Game::oneshot))
    parameters.set(info.name, info.default_value);
  parameters.set("min_factories", std::int64_t{7});
  CHECK_THROWS_WITH_AS(read_rules(Game::oneshot, parameters),
                       doctest::Contains("min_factories = 7 is above max_factories = 6"),
                       joust::SetupError);
}
