#pragma once
// What a day is worth to a factory, given what it buys and sells: the one formula that agents plan
// with and that the simulation settles every day with.

#include <span>

namespace joust::worlds::scml {

// What the formula needs to know besides the trades.
struct UtilityTerms {
  int day = 0;
  int lines = 10;
  double balance = 0;
  double production_cost = 0;
  double disposal_cost = 0;      // per unit and price, drawn for the day; 0 where storage applies
  double storage_cost = 0;       // per unit and price; 0 where goods perish
  double shortfall_penalty = 0;  // per unit and price
  bool own_price_scale = false;  // multiply by the average price of the trades instead of:
  double input_price = 0;        // trading price of the input product
  double output_price = 0;       // trading price of the output product
  int exogenous_in = 0;          // units that the outside world delivers, and their total price
  double exogenous_in_price = 0;
  int exogenous_out = 0;
  double exogenous_out_price = 0;
  int inventory_in = 0;
  int inventory_out = 0;
};

// A contract or an offer, seen from one factory. Those for other days are ignored.
struct Trade {
  int quantity = 0;
  int day = 0;
  double unit_price = 0;
  bool is_output = false;  // the factory sells
};

struct DayOutcome {
  double utility = 0;
  int total_input = 0;
  int total_output = 0;  // promised
  int produced = 0;      // and sold
  int shortfall = 0;
  int leftover = 0;
  double paid = 0;      // for all inputs, used or not
  double revenue = 0;   // for the units that could be produced
  double promised = 0;  // the price of all outputs
  double shortfall_penalty = 0;
  double disposal_cost = 0;
  double storage_cost = 0;
};

// The exogenous trades and the inventory of the terms are added to `trades`. Cheap inputs are
// bought first and dear outputs sold first; a balance that runs out on the way limits the
// production, but every input is paid for.
DayOutcome day_outcome(const UtilityTerms& terms, std::span<const Trade> trades);

inline double utility(const UtilityTerms& terms, std::span<const Trade> trades) {
  return day_outcome(terms, trades).utility;
}

}  // namespace joust::worlds::scml
