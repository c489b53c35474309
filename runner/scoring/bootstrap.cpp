#include "runner/scoring/bootstrap.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

#include <algorithm>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "common/random.hpp"
#include "runner/scoring/all_cores.hpp"
#include "runner/scoring/metrics.hpp"

namespace joust::scoring {
namespace {

constexpr std::uint64_t kBlockStream = 0x626c6f636b73;
constexpr std::size_t kDrawsPerTask = 50;

using RankHits = std::vector<std::uint64_t>;

// Adds one draw's ranks to `hits`. `order` is scratch.
void count_ranks(std::span<const double> values, std::vector<std::size_t>& order, RankHits& hits) {
  order.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  std::size_t rank = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && values[order[i]] != values[order[i - 1]]) rank = i;
    ++hits[order[i] * values.size() + rank];
  }
}

class DrawTask {
 public:
  DrawTask(std::uint64_t seed, const std::vector<ResampledMetric>& metrics,
           std::span<const GroupIndex> used, std::uint32_t groups, BootstrapDraws& result)
      : seed_(seed), metrics_(metrics), used_(used), groups_(groups), result_(result) {}

  // Every draw has cells of its own in the result; only the hits are reduced.
  RankHits operator()(const tbb::blocked_range<std::size_t>& range, RankHits hits) const {
    hits.resize(result_.rank_hits.size());
    std::vector<std::uint32_t> weights(groups_);
    std::vector<double> values(metrics_.size());
    std::vector<std::size_t> order;
    for (std::size_t draw = range.begin(); draw < range.end(); ++draw) {
      draw_weights(seed_, draw, used_, weights);
      for (std::size_t g = 0; g < groups_; ++g) {
        result_.weights[g * result_.draws + draw] = static_cast<float>(weights[g]);
      }
      for (std::size_t c = 0; c < metrics_.size(); ++c) {
        values[c] = metrics_[c].value(weights);
        result_.values[c * result_.draws + draw] = values[c];
      }
      count_ranks(values, order, hits);
    }
    return hits;
  }

 private:
  std::uint64_t seed_;
  const std::vector<ResampledMetric>& metrics_;
  std::span<const GroupIndex> used_;
  std::uint32_t groups_;
  BootstrapDraws& result_;
};

RankHits add_hits(RankHits a, const RankHits& b) {
  if (a.empty()) return b;
  for (std::size_t i = 0; i < b.size(); ++i) a[i] += b[i];
  return a;
}

}  // namespace

void draw_weights(std::uint64_t seed, std::uint64_t draw, std::span<const GroupIndex> used,
                  std::span<std::uint32_t> weights) {
  std::fill(weights.begin(), weights.end(), 0U);
  Rng rng = make_rng(seed, kBlockStream, draw);
  boost::random::uniform_int_distribution<std::size_t> pick(0, used.size() - 1);
  for (std::size_t i = 0; i < used.size(); ++i) ++weights[used[pick(rng)]];
}

BootstrapDraws run_bootstrap(std::uint64_t seed, const std::vector<ResampledMetric>& metrics,
                             std::span<const GroupIndex> used, std::uint32_t groups) {
  BootstrapDraws result;
  result.draws = kBootstrapDraws;
  result.competitors = metrics.size();
  result.values.resize(metrics.size() * result.draws);
  result.weights.resize(std::size_t{groups} * result.draws);
  result.rank_hits.resize(metrics.size() * metrics.size());
  result.rank_hits = on_all_cores([&] {
    return tbb::parallel_deterministic_reduce(
        tbb::blocked_range<std::size_t>(0, result.draws, kDrawsPerTask), RankHits{},
        DrawTask(seed, metrics, used, groups, result), add_hits);
  });
  return result;
}

Interval percentile_interval(std::span<const double> values) {
  std::vector<double> defined;
  for (const double value : values) {
    if (!std::isnan(value)) defined.push_back(value);
  }
  if (defined.empty()) return {};
  std::sort(defined.begin(), defined.end());
  return {quantile(defined, 0.025), quantile(defined, 0.975)};
}

std::vector<double> resampled_differences(const BootstrapDraws& bootstrap,
                                          std::span<const PairGroup> groups) {
  std::vector<double> differences(bootstrap.draws);
  std::vector<double> worlds(bootstrap.draws);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].worlds == 0) continue;
    const float* weights = bootstrap.weights.data() + g * bootstrap.draws;
    for (std::size_t draw = 0; draw < bootstrap.draws; ++draw) {
      const auto weight = static_cast<double>(weights[draw]);
      differences[draw] += weight * groups[g].difference;
      worlds[draw] += weight * groups[g].worlds;
    }
  }
  // 0 / 0 where the draw has no shared world
  for (std::size_t draw = 0; draw < bootstrap.draws; ++draw) differences[draw] /= worlds[draw];
  return differences;
}

double share_above(std::span<const double> a, std::span<const double> b) {
  std::uint64_t halves = 0;
  std::uint64_t defined = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    ++defined;
    if (a[i] > b[i]) halves += 2;
    if (a[i] == b[i]) halves += 1;
  }
  return static_cast<double>(halves) / (2 * static_cast<double>(defined));
}

}  // namespace joust::scoring
