#include "worker/worlds/scml/distribution.hpp"

#include <algorithm>

#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

void set_ones(int ones, std::span<int> bins) {
  std::fill(bins.begin(), bins.begin() + ones, 1);
  std::fill(bins.begin() + ones, bins.end(), 0);
}

void fill_one_by_one(int quantity, const Division& division, std::span<int> bins) {
  set_ones(division.may_be_zero ? 0 : std::min(quantity, static_cast<int>(bins.size())), bins);
  for (const int given : bins) quantity -= given;
  for (int& bin : bins) {
    const int more = std::min(division.most - bin, quantity);
    bin += more;
    quantity -= more;
  }
}

}  // namespace

void distribute(Rng& rng, int quantity, const Division& division, std::span<int> bins) {
  const int n = static_cast<int>(bins.size());
  if (n == 0) return;
  quantity = std::max(quantity, 0);
  if (division.most > 0) quantity = std::min(quantity, division.most * n);
  if (division.concentrated) {
    fill_one_by_one(quantity, division, bins);
    shuffle(rng, bins);
    return;
  }
  if (quantity < n) {
    set_ones(quantity, bins);
    shuffle(rng, bins);
    return;
  }
  int each = division.may_be_zero ? 0 : 1;
  if (quantity == n) each = 1;
  if (division.equal && !division.may_be_zero) each = quantity / n;
  std::fill(bins.begin(), bins.end(), each);
  for (int left = quantity - each * n; left > 0; --left) {
    ++bins[static_cast<std::size_t>(draw_int(rng, 0, n - 1))];
  }
}

}  // namespace joust::worlds::scml
