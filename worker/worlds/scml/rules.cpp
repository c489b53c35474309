#include "worker/worlds/scml/rules.hpp"

#include <fmt/format.h>

#include "common/world.hpp"
#include "worker/worlds/scml/economy.hpp"

namespace joust::worlds::scml {
namespace {

ParameterInfo integer(std::string name, std::int64_t value, std::string unit, std::string summary,
                      double low, double high) {
  return {std::move(name),
          ParameterKind::integer,
          value,
          std::move(unit),
          std::move(summary),
          low,
          high,
          {}};
}

ParameterInfo integers(std::string name, IntegerRange value, std::string unit, std::string summary,
                       double low, double high) {
  return {std::move(name),
          ParameterKind::integer_range,
          value,
          std::move(unit),
          std::move(summary),
          low,
          high,
          {}};
}

ParameterInfo real(std::string name, double value, std::string unit, std::string summary,
                   double low, double high) {
  return {std::move(name),
          ParameterKind::real,
          value,
          std::move(unit),
          std::move(summary),
          low,
          high,
          {}};
}

ParameterInfo reals(std::string name, RealRange value, std::string unit, std::string summary,
                    double low, double high) {
  return {std::move(name),
          ParameterKind::real_range,
          value,
          std::move(unit),
          std::move(summary),
          low,
          high,
          {}};
}

ParameterInfo boolean(std::string name, bool value, std::string summary) {
  return {std::move(name), ParameterKind::boolean, value, "", std::move(summary), 0, 1, {}};
}

// Where the two games' usual values differ.
struct Defaults {
  RealRange max_supply;
  RealRange predictability;
  bool cap_exogenous;
  double quantity_multiplier;
  double price_range_fraction;
};

Defaults defaults_of(Game game) {
  if (game == Game::oneshot) return {{0.8, 1.0}, {0.6, 0.9}, true, 1, 0};
  return {{0.2, 1.0}, {0.0, 0.7}, false, 3, 0.1};
}

void add_economy_parameters(Game game, std::vector<ParameterInfo>& list) {
  const Defaults defaults = defaults_of(game);
  list.push_back(integers("n_steps", {50, 200}, "days", "length of the game", 2, 100000));
  if (game == Game::standard) {
    list.push_back(
        integers("n_processes", {2, 4}, "levels",
                 "levels of factories, drawn per economy; of 4, the middle two do not trade with "
                 "each other with reference_quirks",
                 2, kMostLevels));
  }
  list.push_back(integer("n_lines", 10, "units per day", "what one factory can produce", 1, 1000));
  // OneShot agents search through all sets of their partners.
  const double most_factories = game == Game::oneshot ? 8 : kMaxFactoriesPerLevel;
  list.push_back(
      integer("min_factories", 4, "factories", "fewest factories per level", 1, most_factories));
  list.push_back(integer("max_factories", 6, "factories",
                         "most factories per level, unless open seats alone exceed it", 1,
                         most_factories));
  list.push_back(integers("production_cost", {1, 4}, "money per unit",
                          "cost of producing a unit, drawn per factory", 0, 1000));
  list.push_back(boolean("cost_increases_with_level", true,
                         "multiply the production cost by the level, counted from 1"));
  list.push_back(reals("profit_mean", {0.1, 0.2}, "",
                       "profit that the catalog prices allow, drawn per level", 0, 10));
  list.push_back(real("profit_deviation", 0.05, "",
                      "standard deviation of that profit; without effect with reference_quirks", 0,
                      1));
  list.push_back(reals("max_productivity", {0.8, 1.0}, "of the lines",
                       "share of a level's lines in use, drawn per level and day", 0, 1));
  list.push_back(reals("max_supply", defaults.max_supply, "of the lines",
                       "raw material for the first level, drawn per day", 0, 1));
  list.push_back(reals("supply_predictability", defaults.predictability, "",
                       "how alike a factory's exogenous supplies are from day to day", 0, 1));
  list.push_back(reals("sales_predictability", defaults.predictability, "",
                       "how alike a factory's exogenous sales are from day to day", 0, 1));
  list.push_back(boolean("cap_exogenous", defaults.cap_exogenous,
                         "limit a factory's exogenous quantity of a day to its lines"));
  list.push_back(reals("cash_availability", {1.5, 2.5}, "",
                       "initial balance, in multiples of the money that full production needs", 0,
                       1000));
  list.push_back(reals("exogenous_price_dev", {0.1, 0.2}, "of the price",
                       "standard deviation of exogenous prices, drawn per economy", 0, 1));
}

void add_cost_parameters(Game game, std::vector<ParameterInfo>& list) {
  list.push_back(reals("shortfall_penalty", {0.2, 1.0}, "of the output's price",
                       "mean cost of a unit promised but not produced", 0, 100));
  list.push_back(reals("shortfall_penalty_dev", {0.0, 0.1}, "of the mean",
                       "its standard deviation from day to day", 0, 10));
  if (game == Game::oneshot) {
    list.push_back(reals("disposal_cost", {0.0, 0.2}, "of the input's price",
                         "mean cost of a unit bought but not used", 0, 100));
    list.push_back(reals("disposal_cost_dev", {0.0, 0.02}, "of the mean",
                         "its standard deviation from day to day", 0, 10));
  } else {
    list.push_back(reals("storage_cost", {0.01, 0.05}, "of the input's price",
                         "mean cost of keeping a unit that was not used overnight", 0, 100));
    list.push_back(reals("storage_cost_dev", {0.0, 0.0}, "of the mean",
                         "its standard deviation from day to day", 0, 10));
  }
  list.push_back({.name = "penalties_scale",
                  .kind = ParameterKind::text,
                  .default_value = std::string("trading"),
                  .unit = "",
                  .summary = "price that those costs multiply: the trading price or the contracts'",
                  .minimum = 0,
                  .maximum = 0,
                  .choices = {"trading", "unit"}});
}

void add_market_parameters(Game game, std::vector<ParameterInfo>& list) {
  const Defaults defaults = defaults_of(game);
  if (game == Game::standard) {
    list.push_back(
        integer("horizon", 10, "days", "how far ahead of today an offer may be", 0, 1000));
  }
  list.push_back(integer("n_rounds", 20, "rounds", "length of a negotiation", 2, 1000));
  list.push_back(real("quantity_multiplier", defaults.quantity_multiplier, "of the lines",
                      "largest quantity that may be offered", 0, 100));
  list.push_back(real("price_range_fraction", defaults.price_range_fraction, "of the trading price",
                      "offers may differ that much from it; 0: the two integers up to it", 0, 1));
  list.push_back(real("price_multiplier", 0, "",
                      "offers range from trading price / m to trading price * m; 0: off", 0, 100));
  list.push_back(boolean("wide_price_range", false,
                         "with price_multiplier: the lower end comes from the input's price"));
  list.push_back(real("trading_price_discount", 0.9, "",
                      "weight of the past in the trading price, per day", 0, 1));
  list.push_back(real("catalog_quantities", 50, "units",
                      "weight of the catalog price in the first trading prices", 0.001, 1e6));
  list.push_back(real("bankruptcy_limit", 0, "money",
                      "a balance below it ends a factory's negotiations for good", -1e9, 1e9));
  list.push_back(boolean("reference_quirks", true,
                         "do as the reference implementation where that looks unintended"));
}

void check_together(const Rules& rules) {
  if (rules.min_factories > rules.max_factories) {
    throw SetupError(
        fmt::format("min_factories = {} is above max_factories = {}; lower one or raise "
                    "the other",
                    rules.min_factories, rules.max_factories));
  }
  for (const auto& [name, range] : {std::pair{"cash_availability", rules.cash_availability},
                                    std::pair{"max_supply", rules.max_supply}}) {
    if (range.high > 0) continue;
    throw SetupError(
        fmt::format("{} = 0 leaves the factories without an initial balance, by which their scores "
                    "are divided; let it be above 0",
                    name));
  }
  if (rules.price_multiplier > 0 && rules.price_range_fraction > 0) {
    throw SetupError(
        fmt::format("price_multiplier = {} and price_range_fraction = {} exclude each "
                    "other; set one of them to 0",
                    rules.price_multiplier, rules.price_range_fraction));
  }
  if (rules.price_multiplier > 0 && rules.price_multiplier < 1) {
    throw SetupError(
        fmt::format("price_multiplier = {} leaves no price between the limits; use 0 (off) "
                    "or at least 1",
                    rules.price_multiplier));
  }
  if (rules.wide_price_range && rules.price_multiplier == 0) {
    throw SetupError(
        "wide_price_range = true has no effect without price_multiplier; set that to 1 or more");
  }
}

void read_markets(const Parameters& values, Rules& rules) {
  rules.rounds = static_cast<int>(values.get<std::int64_t>("n_rounds"));
  rules.quantity_multiplier = values.get<double>("quantity_multiplier");
  rules.price_multiplier = values.get<double>("price_multiplier");
  rules.price_range_fraction = values.get<double>("price_range_fraction");
  rules.wide_price_range = values.get<bool>("wide_price_range");
  rules.trading_price_discount = values.get<double>("trading_price_discount");
  rules.catalog_quantities = values.get<double>("catalog_quantities");
  rules.bankruptcy_limit = values.get<double>("bankruptcy_limit");
  rules.penalty_scale = values.get<std::string>("penalties_scale") == "unit"
                            ? PenaltyScale::unit
                            : PenaltyScale::trading;
}

// What only one of the games has.
void read_particulars(Game game, const Parameters& values, Rules& rules) {
  rules.perishable = game == Game::oneshot;
  if (game == Game::oneshot) {
    rules.levels = {2, 2};
    rules.disposal_mean = values.get<RealRange>("disposal_cost");
    rules.disposal_deviation = values.get<RealRange>("disposal_cost_dev");
  } else {
    rules.levels = values.get<IntegerRange>("n_processes");
    rules.storage_mean = values.get<RealRange>("storage_cost");
    rules.storage_deviation = values.get<RealRange>("storage_cost_dev");
    rules.horizon = static_cast<int>(values.get<std::int64_t>("horizon"));
  }
}

}  // namespace

std::vector<ParameterInfo> rule_parameters(Game game) {
  std::vector<ParameterInfo> list;
  add_economy_parameters(game, list);
  add_cost_parameters(game, list);
  add_market_parameters(game, list);
  return list;
}

Rules read_rules(Game game, const Parameters& values) {
  Rules rules;
  read_particulars(game, values, rules);
  rules.days = values.get<IntegerRange>("n_steps");
  rules.lines = static_cast<int>(values.get<std::int64_t>("n_lines"));
  rules.min_factories = static_cast<int>(values.get<std::int64_t>("min_factories"));
  rules.max_factories = static_cast<int>(values.get<std::int64_t>("max_factories"));
  rules.production_cost = values.get<IntegerRange>("production_cost");
  rules.cost_increases_with_level = values.get<bool>("cost_increases_with_level");
  rules.profit_mean = values.get<RealRange>("profit_mean");
  rules.max_productivity = values.get<RealRange>("max_productivity");
  rules.max_supply = values.get<RealRange>("max_supply");
  rules.supply_predictability = values.get<RealRange>("supply_predictability");
  rules.sales_predictability = values.get<RealRange>("sales_predictability");
  rules.cap_exogenous = values.get<bool>("cap_exogenous");
  rules.cash_availability = values.get<RealRange>("cash_availability");
  rules.shortfall_mean = values.get<RealRange>("shortfall_penalty");
  rules.shortfall_deviation = values.get<RealRange>("shortfall_penalty_dev");
  rules.exogenous_price_deviation = values.get<RealRange>("exogenous_price_dev");
  rules.reference_quirks = values.get<bool>("reference_quirks");
  // The reference converts the scalar 0.05 to an integer, 0.
  rules.profit_deviation = rules.reference_quirks ? 0 : values.get<double>("profit_deviation");
  read_markets(values, rules);
  // The reference means to limit a day to this many rounds, but counts passes, waiting ones too.
  rules.passes = rules.reference_quirks ? rules.rounds + 1 : 0;
  check_together(rules);
  return rules;
}

}  // namespace joust::worlds::scml
