#pragma once
// The rules of a game, as a spec sets them: the declared parameters and their values in one struct.

#include <string>
#include <vector>

#include "common/parameters.hpp"

namespace joust::worlds::scml {

// What the costs of a shortfall and of leftover material are proportional to.
enum class PenaltyScale {
  trading,  // the product's trading price
  unit,     // the factory's average contract price of that day
};

enum class Game {
  oneshot,   // two levels; goods perish overnight, so every offer is for today
  standard,  // two to four; offers may be for later days, and material can be stored
};

struct Rules {
  // The economy
  IntegerRange days;
  IntegerRange levels;
  int lines = 10;
  int min_factories = 4;
  int max_factories = 6;
  IntegerRange production_cost;
  bool cost_increases_with_level = true;
  RealRange profit_mean;
  double profit_deviation = 0;  // the one in effect: the reference's is lost by a conversion
  RealRange max_productivity;
  RealRange max_supply;
  RealRange supply_predictability;
  RealRange sales_predictability;
  bool cap_exogenous = true;
  RealRange cash_availability;
  RealRange shortfall_mean;
  RealRange shortfall_deviation;  // relative to the mean, as are the other deviations
  RealRange disposal_mean;
  RealRange disposal_deviation;
  RealRange storage_mean;
  RealRange storage_deviation;
  RealRange exogenous_price_deviation;

  // Negotiation
  int rounds = 20;
  int passes = 0;   // over all negotiations of a day, see NegotiationTable; 0: no limit
  int horizon = 0;  // an offer may be for so many days ahead
  double quantity_multiplier = 1;
  double price_multiplier = 0;
  double price_range_fraction = 0;
  bool wide_price_range = false;

  // Markets
  double trading_price_discount = 0.9;
  double catalog_quantities = 50;
  double bankruptcy_limit = 0;
  PenaltyScale penalty_scale = PenaltyScale::trading;

  bool perishable = true;  // unused material does not live until tomorrow

  // Reproduce what the reference implementation does where that looks unintended.
  bool reference_quirks = true;
};

// A game's parameters, without `economies`.
std::vector<ParameterInfo> rule_parameters(Game game);

// Throws SetupError where values that are each allowed do not fit together.
Rules read_rules(Game game, const Parameters& parameters);

}  // namespace joust::worlds::scml
