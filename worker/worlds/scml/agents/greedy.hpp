#pragma once
// What the two greedy agents share: a price window that narrows towards the best prices seen, and a
// threshold in it that falls with time.

#include <limits>
#include <vector>

#include "common/parameters.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::scml {

class GreedyPricing {
 public:
  GreedyPricing(const Parameters& parameters, Rng& rng, int factories, int rounds);

  static std::vector<ParameterInfo> parameters();

  void begin_day();
  void remember_offer(int partner, bool selling, int unit_price);
  void remember_contract(int partner, bool selling, int unit_price);

  // Falls from 1 at step 0 to 0 at the last of `steps`.
  double threshold(int step, int steps) const;
  double threshold_of(const Talk& talk) const {
    return round_threshold_[static_cast<std::size_t>(talk.round)];
  }
  // Whether a price is in the upper part of the window within `prices`; `threshold` in [0, 1] says
  // where that begins.
  bool is_good(const Issue& prices, const Talk& talk, int unit_price, double threshold) const;
  int good_price(const Issue& prices, const Talk& talk) const;

 private:
  struct Window {
    int low;
    int high;
  };
  Window window(const Issue& prices, const Talk& talk) const;

  // Best prices for one direction of trade; a seller's grow from 0, a buyer's fall from infinity.
  struct Best {
    double today;
    std::vector<double> partner_today;
    std::vector<double> partner_ever;
  };
  static Best nothing_seen(double worst, int factories);

  double exponent_;
  double today_slack_;
  double partner_today_slack_;
  double partner_ever_slack_;
  double range_slack_;
  std::vector<double> round_threshold_;  // per round of a negotiation
  Best sales_;
  Best supplies_;
};

// The share of the scarcer end of the market that falls to one factory of the level.
double market_share(const Desk& desk);

// A random quantity up to `share`, growing over the game, at the best price for the agent; a share
// below 1 gives no offer.
Reply greedy_opening(Rng& rng, const Desk& desk, const Talk& talk, double share);

}  // namespace joust::worlds::scml
