#include "worker/worlds/scml/agents/greedy.hpp"

#include <algorithm>
#include <cmath>

#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

GreedyPricing::Best GreedyPricing::nothing_seen(double worst, int factories) {
  const std::vector<double> all(static_cast<std::size_t>(factories), worst);
  return {worst, all, all};
}

GreedyPricing::GreedyPricing(const Parameters& parameters, Rng& rng, int factories, int rounds)
    : exponent_(draw_real(rng, parameters.get<RealRange>("concession_exponent"))),
      today_slack_(draw_real(rng, parameters.get<RealRange>("step_price_slack"))),
      partner_today_slack_(draw_real(rng, parameters.get<RealRange>("opp_price_slack"))),
      partner_ever_slack_(draw_real(rng, parameters.get<RealRange>("opp_acc_price_slack"))),
      range_slack_(draw_real(rng, parameters.get<RealRange>("range_slack"))),
      sales_(nothing_seen(0, factories)),
      supplies_(nothing_seen(kInfinity, factories)) {
  for (int round = 0; round < rounds; ++round) round_threshold_.push_back(threshold(round, rounds));
}

std::vector<ParameterInfo> GreedyPricing::parameters() {
  return {
      agent_reals("concession_exponent", {0.2, 1.0}, "below 1 it concedes late, above 1 early", 0,
                  100),
      agent_reals("step_price_slack", {0.05, 0.15}, "price given up against the best of the day", 0,
                  1),
      agent_reals("opp_price_slack", {0.05, 0.15}, "against a partner's best of the day", 0, 1),
      agent_reals("opp_acc_price_slack", {0.05, 0.15}, "against the best contract with a partner",
                  0, 1),
      agent_reals("range_slack", {0.05, 0.25},
                  "prices that near to the best are always in the window", 0, 1),
  };
}

void GreedyPricing::begin_day() {
  sales_.today = 0;
  std::fill(sales_.partner_today.begin(), sales_.partner_today.end(), 0);
  supplies_.today = kInfinity;
  std::fill(supplies_.partner_today.begin(), supplies_.partner_today.end(), kInfinity);
}

void GreedyPricing::remember_offer(int partner, bool selling, int unit_price) {
  Best& best = selling ? sales_ : supplies_;
  best.today =
      selling ? std::max<double>(best.today, unit_price) : std::min<double>(best.today, unit_price);
  best.partner_today[static_cast<std::size_t>(partner)] = best.today;
}

void GreedyPricing::remember_contract(int partner, bool selling, int unit_price) {
  double& ever = (selling ? sales_ : supplies_).partner_ever[static_cast<std::size_t>(partner)];
  ever = selling ? std::max<double>(ever, unit_price) : std::min<double>(ever, unit_price);
}

double GreedyPricing::threshold(int step, int steps) const {
  if (steps <= 1) return 0;
  return std::pow((steps - step - 1.0) / (steps - 1.0), exponent_);
}

GreedyPricing::Window GreedyPricing::window(const Issue& prices, const Talk& talk) const {
  const auto partner = static_cast<std::size_t>(talk.partner);
  if (talk.selling) {
    const double wanted =
        std::max({static_cast<double>(prices.low), sales_.today * (1 - today_slack_),
                  sales_.partner_today[partner] * (1 - partner_today_slack_),
                  sales_.partner_ever[partner] * (1 - partner_ever_slack_)});
    return {static_cast<int>(std::min(prices.high * (1 - range_slack_), wanted)), prices.high};
  }
  const double wanted =
      std::min({static_cast<double>(prices.high), supplies_.today * (1 + today_slack_),
                supplies_.partner_today[partner] * (1 + partner_today_slack_),
                supplies_.partner_ever[partner] * (1 + partner_ever_slack_)});
  return {prices.low, static_cast<int>(std::max(prices.low * (1 + range_slack_), wanted))};
}

bool GreedyPricing::is_good(const Issue& prices, const Talk& talk, int unit_price,
                            double threshold) const {
  const Window range = window(prices, talk);
  const int gain = talk.selling ? unit_price - range.low : range.high - unit_price;
  return gain >= threshold * (range.high - range.low);
}

int GreedyPricing::good_price(const Issue& prices, const Talk& talk) const {
  const Window range = window(prices, talk);
  const double way = threshold_of(talk) * (range.high - range.low);
  return static_cast<int>(talk.selling ? range.low + way : range.high - way);
}

double market_share(const Desk& desk) {
  return static_cast<double>(std::min(desk.raw_supply, desk.final_demand)) / (desk.competitors + 1);
}

Reply greedy_opening(Rng& rng, const Desk& desk, const Talk& talk, double share) {
  const int need = static_cast<int>(share);
  if (need <= 0) return Reply::end();
  const Issues& issues = desk.issues(talk.selling);
  const int most = std::clamp(need, issues.quantity.low, issues.quantity.high);
  const double grown = static_cast<double>(most) * desk.terms.day / desk.days;
  const int least = std::max(1, static_cast<int>(std::floor(grown + 0.5)));
  Offer offer;
  offer.quantity = draw_int(rng, std::min(least, most), most);
  offer.day = desk.terms.day;
  offer.unit_price = talk.selling ? issues.unit_price.high : issues.unit_price.low;
  return Reply::propose(offer);
}

}  // namespace joust::worlds::scml
