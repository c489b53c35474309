#include "runner/scoring/inference.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "runner/scoring/all_cores.hpp"
#include "runner/scoring/bootstrap.hpp"
#include "runner/scoring/sign_flip.hpp"

namespace joust::scoring {
namespace {

constexpr std::uint64_t kFewBlocks = 10;
constexpr std::size_t kSignDraws = 99'999;
constexpr std::size_t kMostPairsDrawn = 2016;  // 64 competitors
// In so many of the draws the winner must be ahead of who is not tied with it: the end of a
// two-sided 95 % interval of the difference.
constexpr double kSeparated = 0.975;

// So many pairs need p values smaller than drawn signs can give: few enough signs to enumerate.
std::size_t sign_count(std::size_t pairs) {
  return pairs <= kMostPairsDrawn ? kMostSigns : kMostEnumerated;
}

// The pair's totals, one per sign.
std::vector<double> sign_totals(std::span<const PairGroup> groups, std::size_t signs) {
  std::vector<double> totals(std::min(signs, groups.size()));
  for (std::size_t g = 0; g < groups.size(); ++g) {
    totals[g % totals.size()] += groups[g].difference;
  }
  return totals;
}

// Sums of totals that are equal in decimals may differ by this: the scores are rounded to half a
// last place each, and so is every sum.
double rounding_of(std::span<const double> totals, double magnitude) {
  double size = 0;
  for (const double total : totals) size += std::fabs(total);
  return 1e-12 * size + 0x1p-52 * magnitude;
}

void judge(PairInference& pair, std::span<const PairGroup> groups, double magnitude,
           std::size_t signs, std::span<const SignPattern> patterns) {
  double difference = 0;
  double worlds = 0;
  for (const PairGroup& group : groups) {
    difference += group.difference;
    worlds += group.worlds;
  }
  pair.worlds = static_cast<std::uint64_t>(worlds);
  if (pair.worlds == 0) return;
  pair.difference = difference / worlds;
  const std::vector<double> totals = sign_totals(groups, signs);
  pair.p = sign_flip_p(totals, rounding_of(totals, magnitude), patterns);
}

void judge_by_draws(PairInference& pair, const BootstrapDraws& bootstrap,
                    std::span<const PairGroup> groups) {
  pair.interval = percentile_interval(resampled_differences(bootstrap, groups));
  pair.a_beats_b = share_above(bootstrap.values_of(pair.a), bootstrap.values_of(pair.b));
}

std::vector<PairInference> all_pairs(std::uint32_t competitors) {
  std::vector<PairInference> pairs;
  for (std::uint32_t a = 0; a < competitors; ++a) {
    for (std::uint32_t b = a + 1; b < competitors; ++b) {
      PairInference& pair = pairs.emplace_back();
      pair.a = a;
      pair.b = b;
    }
  }
  return pairs;
}

void adjust(std::vector<PairInference>& pairs) {
  std::vector<double> p_values;
  p_values.reserve(pairs.size());
  for (const PairInference& pair : pairs) p_values.push_back(pair.p);
  adjust_by_holm(p_values);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].p_holm = p_values[i];
}

// From the same draws as the probabilities of ranks, so that the two cannot contradict each other.
void mark_ties(Inference& inference, std::span<const std::uint32_t> ranks) {
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    inference.competitors[i].tied_with_winner = ranks[i] != 0;
  }
  for (const PairInference& pair : inference.pairs) {
    if (pair.a_beats_b >= kSeparated && ranks[pair.a] == 1 && ranks[pair.b] != 1) {
      inference.competitors[pair.b].tied_with_winner = false;
    }
    if (pair.a_beats_b <= 1 - kSeparated && ranks[pair.b] == 1 && ranks[pair.a] != 1) {
      inference.competitors[pair.a].tied_with_winner = false;
    }
  }
}

void fill_competitors(std::vector<CompetitorInference>& competitors,
                      const BootstrapDraws& bootstrap) {
  const std::size_t count = competitors.size();
  for (std::size_t i = 0; i < count; ++i) {
    competitors[i].interval = percentile_interval(bootstrap.values_of(i));
    for (std::size_t rank = 0; rank < count; ++rank) {
      competitors[i].rank_probability.push_back(
          static_cast<double>(bootstrap.rank_hits[i * count + rank]) /
          static_cast<double>(bootstrap.draws));
    }
  }
}

}  // namespace

Inference infer(std::uint64_t seed, const Blocks& blocks,
                const std::vector<ResampledMetric>& metrics, std::span<const std::uint32_t> ranks) {
  const std::vector<GroupIndex> used = blocks.used_groups();
  Inference inference;
  inference.blocks = blocks.blocks();
  inference.groups = used.size();
  inference.few_blocks = inference.blocks < kFewBlocks;
  inference.competitors.resize(blocks.competitors());
  inference.pairs = all_pairs(blocks.competitors());

  BootstrapDraws bootstrap;
  if (used.size() >= 2) bootstrap = run_bootstrap(seed, metrics, used, blocks.groups());
  inference.draws = bootstrap.draws;
  if (bootstrap.draws > 0) fill_competitors(inference.competitors, bootstrap);

  const std::size_t signs = sign_count(inference.pairs.size());
  std::vector<SignPattern> patterns;
  if (std::min(signs, used.size()) > kMostEnumerated) patterns = draw_signs(seed, kSignDraws);
  on_all_cores([&] {
    tbb::parallel_for(std::size_t{0}, inference.pairs.size(), [&](std::size_t i) {
      PairInference& pair = inference.pairs[i];
      judge(pair, blocks.pair(i), blocks.magnitude(i), signs, patterns);
      if (bootstrap.draws > 0) judge_by_draws(pair, bootstrap, blocks.pair(i));
    });
  });
  adjust(inference.pairs);
  mark_ties(inference, ranks);
  return inference;
}

}  // namespace joust::scoring
