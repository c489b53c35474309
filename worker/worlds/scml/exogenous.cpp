#include "worker/worlds/scml/exogenous.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

constexpr double kUnpredictable = 0.01;  // below it, days have nothing in common

// A random bin whose value is allowed, or the end.
template <class Allowed>
std::span<int>::iterator choose(Rng& rng, std::span<int> bins, Allowed allowed) {
  const auto candidates = std::count_if(bins.begin(), bins.end(), allowed);
  if (candidates == 0) return bins.end();
  int nth = draw_int(rng, 0, static_cast<int>(candidates) - 1);
  return std::find_if(bins.begin(), bins.end(),
                      [&](int value) { return allowed(value) && nth-- == 0; });
}

// Moves units between bins until none is negative. What cannot be moved is dropped.
void fill_debts(Rng& rng, std::span<int> bins) {
  for (int& bin : bins) {
    for (; bin < 0; ++bin) {
      const auto donor = choose(rng, bins, [](int value) { return value > 0; });
      if (donor != bins.end()) --*donor;
    }
  }
}

// The same until none is above the limit.
void spill_excess(Rng& rng, std::span<int> bins, int limit) {
  for (int& bin : bins) {
    for (; bin > limit; --bin) {
      const auto taker = choose(rng, bins, [limit](int value) { return value < limit; });
      if (taker != bins.end()) ++*taker;
    }
  }
}

int round_half_up(double value) { return static_cast<int>(std::floor(value + 0.5)); }

// Takes `changes` units away from random bins and gives as many back to random bins with room.
void exchange(Rng& rng, int changes, int limit, std::span<int> bins) {
  std::vector<int> taken(bins.size(), 0);
  compose_randomly(rng, changes, {}, taken);
  std::vector<int> given(bins.size(), 0);
  std::vector<int> room;
  if (limit >= 0) {
    for (std::size_t i = 0; i < bins.size(); ++i) room.push_back(limit + taken[i] - bins[i]);
  }
  compose_randomly(rng, changes, room, given);
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] += given[i] - taken[i];
}

}  // namespace

void compose_randomly(Rng& rng, int total, std::span<const int> limits, std::span<int> bins) {
  std::vector<std::size_t> open(bins.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  std::vector<int> added(bins.size(), 0);
  const auto is_full = [&](std::size_t bin) {
    return !limits.empty() && added[bin] >= limits[bin];
  };
  std::erase_if(open, is_full);
  for (; total > 0 && !open.empty(); --total) {
    const auto place =
        static_cast<std::size_t>(draw_int(rng, 0, static_cast<int>(open.size()) - 1));
    const std::size_t bin = open[place];
    ++added[bin];
    ++bins[bin];
    if (is_full(bin)) open.erase(open.begin() + static_cast<std::ptrdiff_t>(place));
  }
}

std::vector<int> spread_over_days(Rng& rng, std::span<const int> totals, int bins,
                                  double predictability, int limit) {
  const auto width = static_cast<std::size_t>(bins);
  std::vector<int> quantities(totals.size() * width, 0);
  const std::vector<int> limits(limit < 0 ? 0 : width, limit);
  const double mean = static_cast<double>(std::accumulate(totals.begin(), totals.end(), 0)) /
                      static_cast<double>(totals.size());
  const int typical = round_half_up(mean);
  std::vector<int> base(width, 0);
  compose_randomly(rng, typical, limits, base);
  for (std::size_t day = 0; day < totals.size(); ++day) {
    const int total = totals[day];
    const std::span<int> today(quantities.data() + day * width, width);
    if (total == 0 || typical == 0) continue;
    if (predictability < kUnpredictable) {
      compose_randomly(rng, total, limits, today);
      continue;
    }
    for (std::size_t i = 0; i < width; ++i) {
      today[i] = round_half_up(base[i] * (static_cast<double>(total) / typical));
    }
    int changes = std::clamp(round_half_up((1 - predictability) * total), 0, total);
    if (limit >= 0) {
      changes = std::min(changes, bins * limit - std::accumulate(today.begin(), today.end(), 0));
    }
    if (changes > 0) exchange(rng, changes, limit, today);
    fill_debts(rng, today);
    if (limit >= 0) spill_excess(rng, today, limit);
  }
  return quantities;
}

}  // namespace joust::worlds::scml
