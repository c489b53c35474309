#pragma once
// Student's two-sample t test with equal variances, two-sided (scipy.stats.ttest_ind).

#include "runner/scoring/metrics.hpp"

namespace joust::scoring {

struct TestResult {
  double statistic = 0;
  double p = 0;  // two-sided
};

// Undefined (NaN) when a sample has fewer than two values, or both are constant and equal; t is
// infinite and p 0 when both are constant and differ. Pure.
TestResult t_test(const Summary& a, const Summary& b);

}  // namespace joust::scoring
