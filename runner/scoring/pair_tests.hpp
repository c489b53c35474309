#pragma once
// tstats.csv and kstats.csv: the two tests that negmas does for every pair of competitors.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runner/scoring/atomic_file.hpp"
#include "runner/scoring/metrics.hpp"
#include "runner/scoring/t_test.hpp"

namespace joust::scoring {

struct PairTests {
  std::uint32_t a = 0;  // competitors, by index
  std::uint32_t b = 0;
  std::uint64_t n_a = 0;  // usable scores
  std::uint64_t n_b = 0;
  TestResult t;   // equal-variance t test
  TestResult ks;  // two-sample Kolmogorov-Smirnov test
};

// Every pair of competitors of which both have at least two usable scores, in the order of `order`
// (each competitor with those that follow it). Uses all threads that oneTBB has.
// REQUIRES: summaries[i] and sorted[i] belong to the competitor with index i.
std::vector<PairTests> test_pairs(std::span<const std::uint32_t> order,
                                  std::span<const Summary> summaries,
                                  std::span<const std::vector<double>> sorted);

// The header and one row per pair: (row number), a, b, t, p, n_a, n_b, n_effective. `types` names
// the competitors by index. Throw JournalError when the file can not be written.
void write_tstats(AtomicFile& file, std::span<const PairTests> pairs,
                  const std::vector<std::string>& types);
void write_kstats(AtomicFile& file, std::span<const PairTests> pairs,
                  const std::vector<std::string>& types);

}  // namespace joust::scoring
