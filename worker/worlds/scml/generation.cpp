#include "worker/worlds/scml/generation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "worker/worlds/scml/draws.hpp"
#include "worker/worlds/scml/exogenous.hpp"

namespace joust::worlds::scml {
namespace {

// One stream of random numbers per purpose; the numbers are part of the format and never change.
enum Stream : std::uint64_t {
  stream_days = 1,
  stream_seats,
  stream_default_types,
  stream_production_costs,
  stream_quantities,
  stream_supplies,
  stream_sales,
  stream_profits,
  stream_daily_costs,
  stream_cash,
  stream_exogenous_prices,
  stream_levels,
  stream_storage_costs,
};

// What the steps of the generation hand on to each other. Vectors by level are indexed [level].
struct Draft {
  Economy economy;
  std::vector<int> factories;     // per level
  std::vector<int> raw_totals;    // per day: exogenous supply of product 0
  std::vector<int> final_totals;  // per day: exogenous demand for the last product
  std::vector<int> raw_shares;    // [day * factories + place in level]
  std::vector<int> final_shares;
  std::vector<double> final_prices;  // per day
};

// Open seats and default agents fall on the levels at random; then each level is brought to its
// size.
void place_factories(const Rules& rules, int seats, std::uint64_t seed,
                     const std::vector<std::string>& default_types, Draft& draft) {
  Rng rng = make_rng(seed, stream_seats);
  const auto levels = static_cast<std::size_t>(draft.economy.levels);
  std::vector<int> open(levels, 0);
  std::vector<int> filled(levels, 0);
  const auto throw_on_levels = [&](int tokens, std::vector<int>& counts) {
    for (; tokens > 0; --tokens)
      ++counts[static_cast<std::size_t>(draw_int(rng, 0, draft.economy.levels - 1))];
  };
  throw_on_levels(rules.min_factories * draft.economy.levels, filled);
  throw_on_levels(seats, open);
  Rng types = make_rng(seed, stream_default_types);
  int seat = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    const int missing = rules.min_factories - open[level];
    if (open[level] + filled[level] < rules.min_factories) filled[level] = missing;
    if (open[level] + filled[level] > rules.max_factories && filled[level] > 1) {
      filled[level] = std::max(1, missing);
    }
    draft.factories.push_back(open[level] + filled[level]);
    for (int i = 0; i < draft.factories.back(); ++i) {
      Factory factory;
      factory.level = static_cast<int>(level);
      factory.lines = rules.lines;
      factory.is_default = i >= open[level];
      if (factory.is_default) {
        const int type = draw_int(types, 0, static_cast<int>(default_types.size()) - 1);
        factory.type = default_types[static_cast<std::size_t>(type)];
      } else {
        factory.seat = seat++;
      }
      draft.economy.factories.push_back(std::move(factory));
    }
  }
}

void draw_costs(const Rules& rules, std::uint64_t seed, Economy& economy) {
  Rng production = make_rng(seed, stream_production_costs);
  Rng daily = make_rng(seed, stream_daily_costs);
  Rng storage = make_rng(seed, stream_storage_costs);
  const auto daily_cost = [](Rng& rng, const RealRange& mean, const RealRange& deviation) {
    const double m = draw_real(rng, mean);
    return DailyCost{m, draw_real(rng, deviation) * m};
  };
  for (Factory& factory : economy.factories) {
    const int factor = rules.cost_increases_with_level ? factory.level + 1 : 1;
    factory.production_cost = draw_int(production, rules.production_cost) * factor;
    factory.shortfall = daily_cost(daily, rules.shortfall_mean, rules.shortfall_deviation);
    factory.disposal = daily_cost(daily, rules.disposal_mean, rules.disposal_deviation);
    factory.storage = daily_cost(storage, rules.storage_mean, rules.storage_deviation);
  }
}

// The market's totals: what raw material there is, and what of it the levels can carry to the end.
void draw_quantities(const Rules& rules, std::uint64_t seed, Draft& draft) {
  Rng rng = make_rng(seed, stream_quantities);
  const auto share_of_lines = [&](std::size_t level, const RealRange& range) {
    const int lines = rules.lines * draft.factories[level];
    return static_cast<int>(std::lround(lines * draw_real(rng, range)));
  };
  for (int day = 0; day < draft.economy.days; ++day) {
    int quantity = share_of_lines(0, rules.max_supply);
    draft.raw_totals.push_back(quantity);
    for (std::size_t level = 0; level < draft.factories.size(); ++level) {
      quantity = std::min(quantity, share_of_lines(level, rules.max_productivity));
    }
    draft.final_totals.push_back(quantity);
  }
}

// Spreads the totals over the factories of the first and the last level, and corrects the totals to
// what was spread.
void spread_quantities(const Rules& rules, std::uint64_t seed, Draft& draft) {
  const auto spread = [&](Stream stream, const RealRange& predictability, int bins,
                          std::vector<int>& totals) {
    Rng rng = make_rng(seed, stream);
    const double predictable = draw_real(rng, predictability);
    const int limit = rules.cap_exogenous ? rules.lines : -1;
    std::vector<int> shares = spread_over_days(rng, totals, bins, predictable, limit);
    for (std::size_t day = 0; day < totals.size(); ++day) {
      const auto first = shares.begin() + static_cast<std::ptrdiff_t>(day) * bins;
      totals[day] = std::accumulate(first, first + bins, 0);
    }
    return shares;
  };
  draft.raw_shares = spread(stream_supplies, rules.supply_predictability, draft.factories.front(),
                            draft.raw_totals);
  draft.final_shares =
      spread(stream_sales, rules.sales_predictability, draft.factories.back(), draft.final_totals);
}

int highest_cost(const Economy& economy, int level) {
  double highest = 0;
  for (const Factory& factory : economy.factories) {
    if (factory.level == level) highest = std::max(highest, factory.production_cost);
  }
  return static_cast<int>(highest);
}

// Catalog prices leave each level its profit over the most expensive factory's costs. The day's raw
// material is taken to flow through all levels. Also sets the balances: a multiple of a level's
// costs.
void set_prices(const Rules& rules, std::uint64_t seed, Draft& draft) {
  Economy& economy = draft.economy;
  Rng profits = make_rng(seed, stream_profits);
  Rng cash = make_rng(seed, stream_cash);
  const double availability = draw_real(cash, rules.cash_availability);
  const auto days = static_cast<std::size_t>(economy.days);
  std::vector<double> value(days);  // of all units of the level's input, per day
  for (std::size_t day = 0; day < days; ++day)
    value[day] = kRawMaterialPrice * draft.raw_totals[day];
  economy.catalog_prices = {kRawMaterialPrice};
  draft.final_prices.assign(days, 0);
  for (int level = 0; level < economy.levels; ++level) {
    const double profit =
        draw_real(profits, rules.profit_mean) + rules.profit_deviation * draw_normal(profits);
    const int cost = highest_cost(economy, level);
    double expenses = 0;
    for (std::size_t day = 0; day < days; ++day) {
      const int units = draft.raw_totals[day];
      const double total = value[day] + cost * units;
      expenses += total;
      value[day] = std::ceil(total * (1 + profit));
      draft.final_prices[day] = units > 0 ? std::ceil(value[day] / units) : 0;
    }
    economy.catalog_prices.push_back(
        *std::max_element(draft.final_prices.begin(), draft.final_prices.end()));
    const double share = std::ceil(expenses / draft.factories[static_cast<std::size_t>(level)]);
    for (Factory& factory : economy.factories) {
      if (factory.level != level) continue;
      factory.balance = std::max(1.0, std::ceil(share * availability));  // the score divides by it
    }
  }
}

void draw_exogenous_trades(const Rules& rules, std::uint64_t seed, Draft& draft) {
  Economy& economy = draft.economy;
  Rng rng = make_rng(seed, stream_exogenous_prices);
  const double deviation = draw_real(rng, rules.exogenous_price_deviation);
  const auto trade = [&](int quantity, double price) {
    const int unit_price = static_cast<int>(0.5 + price + draw_normal(rng) * deviation * price);
    return ExogenousTrade{quantity, static_cast<double>(quantity) * unit_price};
  };
  const std::size_t n = economy.factories.size();
  const auto first = static_cast<std::size_t>(draft.factories.front());
  const auto last = static_cast<std::size_t>(draft.factories.back());
  economy.supplies.assign(static_cast<std::size_t>(economy.days) * n, {});
  economy.sales.assign(static_cast<std::size_t>(economy.days) * n, {});
  for (int day = 0; day < economy.days; ++day) {
    const auto d = static_cast<std::size_t>(day);
    for (std::size_t i = 0; i < first; ++i) {
      economy.supplies[economy.at(day, i)] =
          trade(draft.raw_shares[d * first + i], kRawMaterialPrice);
    }
    for (std::size_t i = 0; i < last; ++i) {
      economy.sales[economy.at(day, n - last + i)] =
          trade(draft.final_shares[d * last + i], draft.final_prices[d]);
    }
  }
}

}  // namespace

Economy generate_economy(const Rules& rules, int seats,
                         const std::vector<std::string>& default_types, std::uint64_t config_seed) {
  Draft draft;
  Rng days = make_rng(config_seed, stream_days);
  draft.economy.days = draw_int(days, rules.days);
  Rng levels = make_rng(config_seed, stream_levels);
  draft.economy.levels = draw_int(levels, rules.levels);
  place_factories(rules, seats, config_seed, default_types, draft);
  draw_costs(rules, config_seed, draft.economy);
  draw_quantities(rules, config_seed, draft);
  spread_quantities(rules, config_seed, draft);
  set_prices(rules, config_seed, draft);
  draw_exogenous_trades(rules, config_seed, draft);
  return std::move(draft.economy);
}

}  // namespace joust::worlds::scml
