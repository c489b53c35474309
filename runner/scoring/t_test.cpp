#include "runner/scoring/t_test.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace joust::scoring {
namespace {

namespace policies = boost::math::policies;

// A tail too small for a double is 0, not an error.
using Policy = policies::policy<policies::underflow_error<policies::ignore_error>,
                                policies::overflow_error<policies::ignore_error>>;

// Of a constant sample exactly 0: its mean may be off by a rounding error.
double squared_deviations(const Summary& summary) {
  if (summary.min == summary.max) return 0;
  return summary.std * summary.std * static_cast<double>(summary.count - 1);
}

double two_sided_tail(double t, double degrees) {
  const boost::math::students_t_distribution<double, Policy> distribution(degrees);
  return 2 * boost::math::cdf(boost::math::complement(distribution, std::fabs(t)));
}

}  // namespace

TestResult t_test(const Summary& a, const Summary& b) {
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  if (a.count < 2 || b.count < 2) return {kUndefined, kUndefined};
  const auto n_a = static_cast<double>(a.count);
  const auto n_b = static_cast<double>(b.count);
  const double degrees = n_a + n_b - 2;
  const double variance = (squared_deviations(a) + squared_deviations(b)) / degrees;
  const double difference = variance == 0 ? a.min - b.min : a.mean - b.mean;
  const double t = difference / std::sqrt(variance * (1 / n_a + 1 / n_b));
  if (std::isnan(t)) return {kUndefined, kUndefined};
  return {t, std::isinf(t) ? 0 : two_sided_tail(t, degrees)};
}

}  // namespace joust::scoring
