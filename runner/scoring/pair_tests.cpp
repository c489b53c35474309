#include "runner/scoring/pair_tests.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstddef>

#include "common/csv.hpp"
#include "runner/scoring/all_cores.hpp"
#include "runner/scoring/kolmogorov_smirnov.hpp"

namespace joust::scoring {
namespace {

void write_rows(AtomicFile& file, std::span<const PairTests> pairs,
                const std::vector<std::string>& types, TestResult PairTests::*test) {
  file.write(csv_line({"", "a", "b", "t", "p", "n_a", "n_b", "n_effective"}));
  std::uint64_t index = 0;
  for (const PairTests& pair : pairs) {
    CsvRow row;
    row.integer(index++).text(types[pair.a]).text(types[pair.b]);
    row.number((pair.*test).statistic).number((pair.*test).p);
    row.integer(pair.n_a).integer(pair.n_b).integer(std::min(pair.n_a, pair.n_b));
    file.write(row.finish());
  }
}

}  // namespace

std::vector<PairTests> test_pairs(std::span<const std::uint32_t> order,
                                  std::span<const Summary> summaries,
                                  std::span<const std::vector<double>> sorted) {
  std::vector<PairTests> pairs;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      PairTests pair;
      pair.a = order[i];
      pair.b = order[j];
      pair.n_a = summaries[pair.a].count;
      pair.n_b = summaries[pair.b].count;
      if (std::min(pair.n_a, pair.n_b) >= 2) pairs.push_back(pair);
    }
  }
  on_all_cores([&] {
    tbb::parallel_for(std::size_t{0}, pairs.size(), [&](std::size_t i) {
      PairTests& pair = pairs[i];
      pair.t = t_test(summaries[pair.a], summaries[pair.b]);
      pair.ks = ks_test(sorted[pair.a], sorted[pair.b]);
    });
  });
  return pairs;
}

void write_tstats(AtomicFile& file, std::span<const PairTests> pairs,
                  const std::vector<std::string>& types) {
  write_rows(file, pairs, types, &PairTests::t);
}

void write_kstats(AtomicFile& file, std::span<const PairTests> pairs,
                  const std::vector<std::string>& types) {
  write_rows(file, pairs, types, &PairTests::ks);
}

}  // namespace joust::scoring
