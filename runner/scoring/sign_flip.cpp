#include "runner/scoring/sign_flip.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "common/random.hpp"

namespace joust::scoring {
namespace {

constexpr std::uint64_t kSignStream = 0x7369676e73;

// All 2^n sums of the totals with either sign, ascending: each total shifts the list both ways.
std::vector<double> all_sums(std::span<const double> totals) {
  std::vector<double> sums{0.0};
  std::vector<double> down;
  std::vector<double> up;
  for (const double total : totals) {
    down = sums;
    up = sums;
    for (double& sum : down) sum -= std::fabs(total);
    for (double& sum : up) sum += std::fabs(total);
    sums.resize(2 * down.size());
    std::merge(down.begin(), down.end(), up.begin(), up.end(), sums.begin());
  }
  return sums;
}

// Of all sums x + y, with x from the one list and y from the other, how many are >= limit.
std::uint64_t count_at_least(const std::vector<double>& a, const std::vector<double>& b,
                             double limit) {
  std::uint64_t count = 0;
  auto first = b.end();
  for (const double x : a) {
    while (first != b.begin() && x + *(first - 1) >= limit) --first;
    count += static_cast<std::uint64_t>(b.end() - first);
  }
  return count;
}

// Each half of the blocks has few enough patterns to be listed, and the sums of both are counted
// without listing them. The distribution is symmetric: the lower tail is as large as the upper one.
double enumerated_p(std::span<const double> totals, double limit) {
  if (limit <= 0) return 1;
  const std::size_t half = totals.size() / 2;
  const std::vector<double> a = all_sums(totals.first(half));
  const std::vector<double> b = all_sums(totals.subspan(half));
  return std::ldexp(static_cast<double>(2 * count_at_least(a, b, limit)),
                    -static_cast<int>(totals.size()));
}

// The sums of eight blocks for each of the 256 patterns of their signs.
using ByteSums = std::array<double, 256>;

std::vector<ByteSums> byte_sums(std::span<const double> totals) {
  std::vector<ByteSums> tables((totals.size() + 7) / 8);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const auto eight = totals.subspan(8 * t, std::min<std::size_t>(8, totals.size() - 8 * t));
    for (std::size_t pattern = 0; pattern < 256; ++pattern) {
      double sum = 0;
      for (std::size_t i = 0; i < eight.size(); ++i) {
        sum += (pattern >> i & 1) != 0 ? eight[i] : -eight[i];
      }
      tables[t][pattern] = sum;
    }
  }
  return tables;
}

double drawn_p(std::span<const double> totals, double limit,
               std::span<const SignPattern> patterns) {
  const std::vector<ByteSums> tables = byte_sums(totals);
  std::uint64_t count = 0;
  for (const SignPattern& pattern : patterns) {
    double sum = 0;
    for (std::size_t t = 0; t < tables.size(); ++t) {
      sum += tables[t][pattern[t / 8] >> (8 * (t % 8)) & 255];
    }
    if (std::fabs(sum) >= limit) ++count;
  }
  return static_cast<double>(1 + count) / static_cast<double>(1 + patterns.size());
}

}  // namespace

std::vector<SignPattern> draw_signs(std::uint64_t seed, std::size_t draws) {
  Rng rng = make_rng(seed, kSignStream);
  std::vector<SignPattern> patterns(draws);
  for (SignPattern& pattern : patterns) {
    for (std::uint64_t& word : pattern) word = rng();
  }
  return patterns;
}

double sign_flip_p(std::span<const double> totals, double tolerance,
                   std::span<const SignPattern> patterns) {
  std::vector<double> moving;  // a total of 0 is the same with either sign
  double observed = 0;
  for (const double total : totals) {
    observed += total;
    if (total != 0) moving.push_back(total);
  }
  if (!std::isfinite(observed)) return std::numeric_limits<double>::quiet_NaN();
  const double limit = std::fabs(observed) - tolerance;
  return moving.size() <= kMostEnumerated ? enumerated_p(moving, limit)
                                          : drawn_p(moving, limit, patterns);
}

void adjust_by_holm(std::vector<double>& p_values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    if (!std::isnan(p_values[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  double adjusted = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    double& p = p_values[order[rank]];
    adjusted = std::max(adjusted, std::min(1.0, p * static_cast<double>(order.size() - rank)));
    p = adjusted;
  }
}

}  // namespace joust::scoring
