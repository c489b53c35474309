#include "worker/worlds/scml/market_issues.hpp"

#include <algorithm>
#include <cmath>

namespace joust::worlds::scml {
namespace {

Issue price_issue(const Rules& rules, double price, double input_price) {
  if (rules.price_multiplier > 0) {
    const double base = rules.wide_price_range ? input_price : price;
    const int low = std::max(1, static_cast<int>(std::floor(base / rules.price_multiplier)));
    return {low, std::max(low, static_cast<int>(price * rules.price_multiplier))};
  }
  if (rules.price_range_fraction > 0) {
    const int low = std::max(1, static_cast<int>((1 - rules.price_range_fraction) * price));
    return {low, std::max(low, static_cast<int>((1 + rules.price_range_fraction) * price))};
  }
  const int high = std::max(1, static_cast<int>(std::ceil(price)));
  return {std::max(1, high - 1), high};
}

}  // namespace

Issues market_issues(const Rules& rules, const MarketDay& today, double trading_price,
                     double input_price) {
  const int most = static_cast<int>(std::floor(today.most_lines * rules.quantity_multiplier + 0.5));
  const int last_day = std::min(today.day + rules.horizon, today.days - 1);
  return {{1, std::max(1, most)},
          {today.day, last_day},
          price_issue(rules, trading_price, input_price)};
}

}  // namespace joust::worlds::scml
