#include "worker/worlds/scml/distribution.hpp"

#include <algorithm>

#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {

void distribute(Rng& rng, int quantity, bool equal, std::span<int> bins) {
  const int n = static_cast<int>(bins.size());
  if (n == 0) return;
  if (quantity < n) {
    const auto ones = static_cast<std::ptrdiff_t>(std::max(quantity, 0));
    std::fill(bins.begin(), bins.begin() + ones, 1);
    std::fill(bins.begin() + ones, bins.end(), 0);
    shuffle(rng, bins);
    return;
  }
  const int each = equal ? quantity / n : 1;
  std::fill(bins.begin(), bins.end(), each);
  for (int left = quantity - each * n; left > 0; --left) {
    ++bins[static_cast<std::size_t>(draw_int(rng, 0, n - 1))];
  }
}

}  // namespace joust::worlds::scml
