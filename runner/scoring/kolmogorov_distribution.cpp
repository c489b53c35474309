// P(D >= d) of the one-sample two-sided Kolmogorov-Smirnov statistic. Which formula is used where
// follows Simard and L'Ecuyer (2011), so that the values agree with other programs that do.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "runner/scoring/compensated_sum.hpp"
#include "runner/scoring/kolmogorov_smirnov.hpp"

namespace joust::scoring {
namespace {

constexpr double kPi = std::numbers::pi;

// log(n!) - log(sqrt(2 pi n) (n/e)^n)
double stirling_rest(double n) {
  if (n < 16) {
    return std::lgamma(n + 1) - ((n + 0.5) * std::log(n) - n + 0.5 * std::log(2 * kPi));
  }
  const double square = n * n;
  return (1.0 / 12 -
          (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / (1188 * square)) / square) / square) /
              square) /
         n;
}

// One term of Dempster's sum: d / (d + v/n) times the binomial probability of v successes in n
// trials at d + v/n, in the saddle-point form, in which no large logarithms cancel.
// REQUIRES: 0 < v < n (1 - d).
double dempster_term(double n, double d, double v) {
  const double shift = n * d;
  const double rest = n - v;
  const double exponent = v * std::log1p(shift / v) + rest * std::log1p(-shift / rest) +
                          stirling_rest(n) - stirling_rest(v) - stirling_rest(rest);
  return d / (d + v / n) * std::sqrt(n / (2 * kPi * v * rest)) * std::exp(exponent);
}

// P(D+ >= d), one-sided. Terms are positive. Over a wide range they are as smooth as the normal
// curve, for which a sum over every stride-th term times the stride is the sum over all to far
// below rounding; so that large samples stay cheap.
double one_sided_tail(std::uint64_t count, double d) {
  constexpr double kMostSummed = 1e6;  // values; as scipy has it
  constexpr double kDenseTerms = 1 << 15;
  const auto n = static_cast<double>(count);
  if (n > kMostSummed) return std::exp(-(6 * n * d + 1) * (6 * n * d + 1) / (18 * n));
  const double stride = std::max(1.0, std::floor(n / kDenseTerms));
  CompensatedSum sum;
  sum.add(std::exp(n * std::log1p(-d)) / stride);
  for (double v = stride; v < n * (1 - d) && v < n; v += stride) sum.add(dempster_term(n, d, v));
  return stride * sum.total();
}

using Matrix = std::vector<double>;  // square, by rows

Matrix multiply(const Matrix& a, const Matrix& b, std::size_t size) {
  Matrix product(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < size; ++k) {
      const double factor = a[i * size + k];
      if (factor == 0) continue;
      for (std::size_t j = 0; j < size; ++j) product[i * size + j] += factor * b[k * size + j];
    }
  }
  return product;
}

// Durbin's matrix for d = (k - h) / n, as Marsaglia, Tsang and Wang give it.
Matrix durbin_matrix(std::size_t size, double h) {
  std::vector<double> inverse_factorial(size + 1, 1.0);
  for (std::size_t i = 1; i <= size; ++i) {
    inverse_factorial[i] = inverse_factorial[i - 1] / static_cast<double>(i);
  }
  Matrix matrix(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size && j <= i + 1; ++j) {
      matrix[i * size + j] = inverse_factorial[i + 1 - j];
    }
  }
  const auto edge = [&](std::size_t i) {
    return (1 - std::pow(h, static_cast<double>(i))) * inverse_factorial[i];
  };
  for (std::size_t i = 0; i < size; ++i) {
    matrix[i * size] = edge(i + 1);
    matrix[(size - 1) * size + i] = edge(size - i);
  }
  const auto m = static_cast<double>(size);
  const double corner = std::pow(std::max(2 * h - 1, 0.0), m) - 2 * std::pow(h, m);
  matrix[(size - 1) * size] = (1 + corner) * inverse_factorial[size];
  return matrix;
}

// A matrix times 2^exponent, which keeps powers of it within the range of a double.
struct Scaled {
  Matrix matrix;
  int exponent = 0;

  void multiply_by(const Scaled& other, std::size_t size) {
    matrix = multiply(matrix, other.matrix, size);
    exponent += other.exponent;
    int shift = 0;
    std::frexp(matrix[size / 2 * size + size / 2], &shift);
    for (double& cell : matrix) cell = std::ldexp(cell, -shift);
    exponent += shift;
  }
};

// P(D <= d) exactly: n! / n^n times the middle element of the n-th power. Time: k^3 log n.
double durbin_probability(std::uint64_t n, double d) {
  const double scaled = static_cast<double>(n) * d;
  const double k = std::ceil(scaled);
  const auto size = static_cast<std::size_t>(2 * k - 1);
  Scaled base{durbin_matrix(size, k - scaled), 0};
  Scaled power{Matrix(size * size, 0.0), 0};
  for (std::size_t i = 0; i < size; ++i) power.matrix[i * size + i] = 1;
  for (std::uint64_t bits = n; bits > 0; bits /= 2) {
    if (bits % 2 == 1) power.multiply_by(base, size);
    if (bits > 1) base.multiply_by(Scaled(base), size);
  }
  double probability = power.matrix[size / 2 * size + size / 2];
  int exponent = power.exponent;
  for (std::uint64_t i = 1; i <= n; ++i) {
    int shift = 0;
    probability = std::frexp(probability * static_cast<double>(i) / static_cast<double>(n), &shift);
    exponent += shift;
  }
  return std::ldexp(probability, exponent);
}

// P(D <= d) by the first four terms of Pelz and Good's expansion, in powers of 1 / sqrt(n).
double pelz_good_probability(double n, double d) {
  const double z = std::sqrt(n) * d;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double z6 = z4 * z2;
  const double pi2 = kPi * kPi;
  const int terms = static_cast<int>(std::ceil(16 * z / kPi)) + 1;
  std::array<double, 4> k{};
  for (int i = terms; i-- > 0;) {
    const double u = pi2 * (i + 0.5) * (i + 0.5);  // squares of odd multiples of pi / 2
    const double e = std::exp(-u / (2 * z2));
    k[0] += e;
    k[1] += (u - z2) * e;
    k[2] += (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * u + (1 - 2 * z2) * u * u) * e;
    k[3] += (-30 * z6 - 90 * z4 * z4 + (135 * z4 - 96 * z6) * u + (212 * z4 - 60 * z2) * u * u +
             (5 - 30 * z2) * u * u * u) *
            e;
  }
  double extra2 = 0;
  double extra3 = 0;
  for (int i = terms; i > 0; --i) {
    const double u = pi2 * i * i;
    const double e = std::exp(-u / (2 * z2));
    extra2 += u * e;
    extra3 += (3 * z2 - u) * u * e;
  }
  const double root = std::sqrt(2 * kPi);
  const double k0 = root * k[0] / z;
  const double k1 = root * k[1] / (6 * z4);
  const double k2 = root * (k[2] / (72 * z6 * z) - extra2 / (36 * z2 * z));
  const double k3 = root * (k[3] / (6480 * z6 * z4) + extra3 / (216 * z6));
  return k0 + k1 / std::sqrt(n) + k2 / n + k3 / (n * std::sqrt(n));
}

// 1/2 < n d <= 1 (Ruben and Gambino): n! (2 d - 1/n)^n.
double smallest_probability(std::uint64_t n, double d) {
  if (n > 140) return 0;  // below 1e-60
  double probability = 1;
  for (std::uint64_t i = 1; i <= n; ++i) {
    const auto count = static_cast<double>(n);
    probability *= static_cast<double>(i) / count * (2 * count * d - 1);
  }
  return probability;
}

double central_probability(std::uint64_t count, double d) {
  const auto n = static_cast<double>(count);
  const bool small = count <= 140 || (count <= 100'000 && n * d * std::sqrt(d) <= 1.4);
  return small ? durbin_probability(count, d) : pelz_good_probability(n, d);
}

}  // namespace

double kolmogorov_tail(std::uint64_t count, double d) {
  const auto n = static_cast<double>(count);
  const double t = n * d;
  if (d >= 1) return 0;
  if (t <= 0.5) return 1;
  if (t <= 1) return 1 - smallest_probability(count, d);
  if (t >= n - 1) return 2 * std::pow(1 - d, n);
  const double square = t * d;
  if (count > 140 && square >= 370) return 0;
  // twice the one-sided tail where both sides are hardly ever reached at once
  if (d >= 0.5 || square > (count <= 140 ? 4 : 2.2)) {
    return std::min(1.0, 2 * one_sided_tail(count, d));
  }
  return std::clamp(1 - central_probability(count, d), 0.0, 1.0);
}

}  // namespace joust::scoring
