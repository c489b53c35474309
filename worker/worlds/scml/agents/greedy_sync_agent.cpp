// A greedy agent that looks at all its offers together and takes the best-priced ones up to its
// need.

#include <algorithm>

#include "worker/worlds/scml/agents/greedy.hpp"
#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

// The highest utility that any purchase and sale at the best prices could bring today.
double best_utility(const Desk& desk) {
  const int most_in = std::min(desk.suppliers * desk.input_issues.quantity.high, desk.terms.lines);
  const int most_out =
      std::min(desk.consumers * desk.output_issues.quantity.high, desk.terms.lines);
  double best = -std::numeric_limits<double>::infinity();
  for (int in = 0; in <= most_in; ++in) {
    for (int out = 0; out <= most_out; ++out) {
      const Trade trades[] = {
          {in, desk.terms.day, static_cast<double>(desk.input_issues.unit_price.low), false},
          {out, desk.terms.day, static_cast<double>(desk.output_issues.unit_price.high), true}};
      best = std::max(best, utility(desk.terms, trades));
    }
  }
  return best;
}

class GreedySyncAgent : public Agent {
 public:
  GreedySyncAgent(const Parameters& parameters, const AgentSetting& setting)
      : rng_(setting.seed),
        pricing_(parameters, rng_, setting.factories, setting.rounds),
        pairs_wrongly_(setting.reference_quirks) {}

  bool synchronous() const override { return true; }

  void begin_day(const Desk& desk) override {
    pricing_.begin_day();
    best_utility_ = best_utility(desk);
    todays_threshold_ = pricing_.threshold(desk.terms.day, desk.days);
    const auto partners = static_cast<std::size_t>(std::max(desk.suppliers, desk.consumers));
    mine_.reserve(partners);
    by_price_.reserve(partners);
    trades_.reserve(partners);
  }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    if (!talks.front().has_offer) {
      for (std::size_t i = 0; i < talks.size(); ++i) {
        replies[i] = greedy_opening(rng_, desk, talks[i], market_share(desk));
      }
      return;
    }
    if (best_utility_ < 0) return;
    const int supplies_needed = need(desk, false);
    const int sales_needed = need(desk, true);
    const int counted = choose(desk, false, supplies_needed, talks, replies) +
                        choose(desk, true, sales_needed, talks, replies);
    const int rest = std::max(1, supplies_needed + sales_needed - counted);
    for (std::size_t i = 0; i < talks.size(); ++i) {
      if (replies[i].kind == Reply::Kind::accept || !talks[i].has_offer) continue;
      const int price = pricing_.good_price(desk.issues(talks[i].selling).unit_price, talks[i]);
      replies[i] = Reply::propose({rest, desk.terms.day, price});
    }
  }

  void on_agreement(const Desk&, int partner, bool selling, const Offer& offer) override {
    pricing_.remember_contract(partner, selling, offer.unit_price);
  }

 private:
  static int need(const Desk& desk, bool selling) {
    if (desk.first_level()) return selling ? desk.terms.exogenous_in : 0;
    if (desk.last_level()) return selling ? 0 : desk.terms.exogenous_out;
    return std::min(desk.raw_supply, desk.final_demand);
  }

  // Puts those of mine_ into by_price_, the best first. As a stable sort would, which allocates.
  void sort_by_price(std::span<const Talk> talks, bool selling) {
    by_price_ = mine_;
    std::sort(by_price_.begin(), by_price_.end(), [&](std::size_t a, std::size_t b) {
      const int difference = talks[a].offer.unit_price - talks[b].offer.unit_price;
      if (difference == 0) return a < b;
      return selling ? difference > 0 : difference < 0;
    });
  }

  // Goes through one side's offers from the best price on until the need is met, and accepts those
  // before that one if they are worth it together. Returns the quantity counted, which includes the
  // offer that met the need.
  int choose(const Desk& desk, bool selling, int needed, std::span<const Talk> talks,
             std::span<Reply> replies) {
    mine_.clear();
    for (std::size_t i = 0; i < talks.size(); ++i) {
      if (talks[i].has_offer && talks[i].selling == selling) mine_.push_back(i);
    }
    if (mine_.empty()) return 0;
    sort_by_price(talks, selling);
    int counted = 0;
    std::size_t chosen = 0;
    trades_.clear();
    for (const std::size_t i : by_price_) {
      counted += talks[i].offer.quantity;
      if (counted >= needed) break;
      trades_.push_back({talks[i].offer.quantity, talks[i].offer.day,
                         static_cast<double>(talks[i].offer.unit_price), selling});
      ++chosen;
    }
    if (utility(desk.terms, trades_) >= todays_threshold_ * best_utility_) {
      // The reference judges the best offers but accepts as many in the order of the negotiations.
      const std::vector<std::size_t>& accepted = pairs_wrongly_ ? mine_ : by_price_;
      for (std::size_t i = 0; i < chosen; ++i) replies[accepted[i]] = Reply::accept();
    }
    return counted;
  }

  Rng rng_;
  GreedyPricing pricing_;
  bool pairs_wrongly_;
  double best_utility_ = 0;
  double todays_threshold_ = 0;
  std::vector<std::size_t> mine_;  // scratch
  std::vector<std::size_t> by_price_;
  std::vector<Trade> trades_;
};

std::unique_ptr<Agent> make(const Parameters& parameters, const AgentSetting& setting) {
  return std::make_unique<GreedySyncAgent>(parameters, setting);
}

}  // namespace

std::vector<AgentType> greedy_sync_agent_types() {
  return {{{"GreedySyncAgent", "concedes on prices, and takes the best offers up to its need",
            GreedyPricing::parameters()},
           "Gr",
           false,
           make}};
}

}  // namespace joust::worlds::scml
