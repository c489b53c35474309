#pragma once
// The sign-flip test of paired differences, two-sided, and Holm's adjustment. STATISTICS.md has the
// definitions and sources.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace joust::scoring {

// Blocks beyond which the signs are drawn instead of enumerated.
inline constexpr std::size_t kMostEnumerated = 24;
// Blocks that a drawn pattern has signs for.
inline constexpr std::size_t kMostSigns = 128;

using SignPattern = std::array<std::uint64_t, kMostSigns / 64>;  // one bit per block

// `draws` patterns, from the tournament's seed alone.
std::vector<SignPattern> draw_signs(std::uint64_t seed, std::size_t draws);

// P(|sum of the totals with random signs| >= |sum of the totals|), where each block's total keeps
// or changes its sign with probability 1/2. Sums that differ by at most `tolerance` are equal: the
// rounding of the totals then can not tell a pattern from its like. Up to kMostEnumerated blocks
// all patterns are counted; beyond that p = (1 + count) / (1 + patterns). 1 when all totals are 0;
// NaN when one is not finite. Pure. REQUIRES: totals.size() <= kMostSigns; patterns not empty when
// totals.size() > kMostEnumerated.
double sign_flip_p(std::span<const double> totals, double tolerance,
                   std::span<const SignPattern> patterns);

// Holm's step-down adjustment in place. NaN stays NaN and does not count as a test.
void adjust_by_holm(std::vector<double>& p_values);

}  // namespace joust::scoring
