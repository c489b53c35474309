#pragma once
// The two-sample Kolmogorov-Smirnov test, two-sided, with the choices of scipy.stats.ks_2samp's
// method "auto". STATISTICS.md has the sources.

#include <cstdint>
#include <span>

#include "runner/scoring/t_test.hpp"

namespace joust::scoring {

// The statistic is the largest distance between the two empirical distribution functions. The p
// value is exact while both samples have at most 10,000 values, as if there were no ties; beyond
// that it is kolmogorov_tail() with round(n_a * n_b / (n_a + n_b)). Undefined (NaN) when a sample
// is empty. Pure. Time: linear in the sizes; up to n_a * n_b steps for an exact p with n_a != n_b.
// REQUIRES: both sorted, all finite.
TestResult ks_test(std::span<const double> a, std::span<const double> b);

// P(D >= d) for the one-sample two-sided statistic of n values (scipy.stats.kstwo.sf). Exact or
// nearly so, by the method that Simard and L'Ecuyer choose. REQUIRES: n >= 1.
double kolmogorov_tail(std::uint64_t n, double d);

}  // namespace joust::scoring
