#pragma once
// The public price of each product: a discounted, volume-weighted average of what was paid for it.
// It starts at the catalog price, which counts like a given quantity of trades.

#include <vector>

namespace joust::worlds::scml {

class TradingPrices {
 public:
  TradingPrices(std::vector<double> catalog, double catalog_quantity, double discount)
      : prices_(std::move(catalog)),
        weights_(prices_.size(), catalog_quantity),
        discount_(discount) {}

  double operator[](int product) const { return prices_[static_cast<std::size_t>(product)]; }
  const std::vector<double>& all() const { return prices_; }

  // A day's trade of a product: units, and the money paid for them. No trade changes nothing.
  void update(int product, int quantity, double total_price) {
    if (quantity <= 0) return;
    const auto i = static_cast<std::size_t>(product);
    const double past = discount_ * weights_[i];
    weights_[i] = past + quantity;
    prices_[i] = (prices_[i] * past + total_price) / weights_[i];
  }

 private:
  std::vector<double> prices_;
  std::vector<double> weights_;
  double discount_;
};

}  // namespace joust::worlds::scml
