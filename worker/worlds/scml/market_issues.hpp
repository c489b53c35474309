#pragma once
// What a day's negotiations over one product may be about.

#include "worker/worlds/scml/negotiation.hpp"
#include "worker/worlds/scml/rules.hpp"

namespace joust::worlds::scml {

// `trading_price` is the product's, `input_price` that of the product before it in the chain.
Issues market_issues(const Rules& rules, int day, double trading_price, double input_price);

}  // namespace joust::worlds::scml
