#include "runner/scoring/kolmogorov_smirnov.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace joust::scoring {
namespace {

constexpr std::size_t kMostExact = 10'000;  // values in a sample; as scipy has it

// The largest |i * n_b - j * n_a| where i and j values of the samples are <= some x: the statistic
// times n_a * n_b, without a rounding error.
std::uint64_t largest_gap(std::span<const double> a, std::span<const double> b) {
  std::size_t i = 0;
  std::size_t j = 0;
  std::uint64_t gap = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    const std::uint64_t left = std::uint64_t{i} * b.size();
    const std::uint64_t right = std::uint64_t{j} * a.size();
    gap = std::max(gap, left > right ? left - right : right - left);
  }
  return gap;
}

// P(|i - j| reaches h on a random path to (n, n)), by reflection: the alternating series of
// Gnedenko and Korolyuk, summed from its smallest term (Horner) so that nothing cancels.
double tail_of_equal_sizes(std::uint64_t n, std::uint64_t h) {
  double tail = 0;
  for (std::uint64_t k = n / h + 1; k-- > 0;) {
    double ratio = 1;  // of C(2n, n + (k + 1) h) to C(2n, n + k h)
    for (std::uint64_t j = 0; j < h; ++j) {
      ratio *=
          static_cast<double>(n - std::min(n, k * h + j)) / static_cast<double>(n + k * h + j + 1);
    }
    tail = ratio * (1 - tail);
  }
  return 2 * tail;
}

// P(a random path from (0,0) to (m,n), all being equally likely, meets |n x - m y| >= gap). The
// path to (x,y) comes from (x-1,y) with probability x/(x+y), so that one diagonal x+y = s follows
// from the one before: no subtraction, and no dependence between the cells of a diagonal.
class PathTail {
 public:
  PathTail(std::uint64_t m, std::uint64_t n, std::uint64_t gap)
      : m_(static_cast<double>(m)), n_(static_cast<double>(n)), gap_(static_cast<double>(gap)) {
    tail_.assign(m + 3, 1.0);
    next_.assign(m + 3, 1.0);
  }

  double compute() {
    tail_[1] = 0;  // at (0,0); cell x + 1 belongs to x, and cell 0 stands for x = -1
    const auto steps = static_cast<std::uint64_t>(m_ + n_);
    for (std::uint64_t s = 1; s <= steps; ++s) {
      const auto [first, last] = inside(static_cast<double>(s));
      if (first > last) return 1;
      step(static_cast<double>(s), first, last);
      // either end moves by at most one cell per diagonal, so that no other outer cell is read
      next_[first] = 1;
      next_[last + 2] = 1;
      tail_.swap(next_);
    }
    return tail_[static_cast<std::size_t>(m_) + 1];
  }

 private:
  struct Range {
    std::size_t first;
    std::size_t last;
  };

  // The x on the diagonal s with |n x - m (s - x)| < gap, 0 <= x <= m and s - x <= n. All numbers
  // are whole and below 2^53.
  Range inside(double s) const {
    const double lowest = std::floor((m_ * s - gap_) / (m_ + n_)) + 1;
    const double highest = std::ceil((m_ * s + gap_) / (m_ + n_)) - 1;
    const double first = std::max({lowest, s - n_, 0.0});
    const double last = std::min({highest, s, m_});
    if (first > last) return {1, 0};
    return {static_cast<std::size_t>(first), static_cast<std::size_t>(last)};
  }

  void step(double s, std::size_t first, std::size_t last) {
    const double weight = 1 / s;
    for (std::size_t x = first; x <= last; ++x) {
      const auto across = static_cast<double>(x);
      next_[x + 1] = (across * tail_[x] + (s - across) * tail_[x + 1]) * weight;
    }
  }

  double m_;
  double n_;
  double gap_;
  std::vector<double> tail_;
  std::vector<double> next_;
};

double exact_tail(std::uint64_t n_a, std::uint64_t n_b, std::uint64_t gap) {
  if (gap == 0) return 1;
  const double tail =
      n_a == n_b ? tail_of_equal_sizes(n_a, gap / n_a) : PathTail(n_a, n_b, gap).compute();
  return std::clamp(tail, 0.0, 1.0);
}

}  // namespace

TestResult ks_test(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) {
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  }
  const std::uint64_t gap = largest_gap(a, b);
  const auto n_a = static_cast<double>(a.size());
  const auto n_b = static_cast<double>(b.size());
  const double d = static_cast<double>(gap) / (n_a * n_b);
  if (std::max(a.size(), b.size()) <= kMostExact) return {d, exact_tail(a.size(), b.size(), gap)};
  const double n = std::max(1.0, std::nearbyint(n_a * n_b / (n_a + n_b)));
  return {d, kolmogorov_tail(static_cast<std::uint64_t>(n), d)};
}

}  // namespace joust::scoring
