#pragma once
// What a day's negotiations over one product may be about.

#include "worker/worlds/scml/negotiation.hpp"
#include "worker/worlds/scml/rules.hpp"

namespace joust::worlds::scml {

struct MarketDay {
  int day = 0;
  int days = 1;         // of the game: nothing is delivered after the last one
  int most_lines = 10;  // of any factory
};

// `trading_price` is the product's, `input_price` that of the product before it in the chain.
Issues market_issues(const Rules& rules, const MarketDay& today, double trading_price,
                     double input_price);

}  // namespace joust::worlds::scml
