// An agent that looks at prices: it concedes from the best price towards the worst that it still
// calls good, in each negotiation by itself, and takes no more than its share of the market in
// each.

#include "worker/worlds/scml/agents/greedy.hpp"

namespace joust::worlds::scml {
namespace {

class GreedyAgent : public Agent {
 public:
  GreedyAgent(const Parameters& parameters, const AgentSetting& setting)
      : rng_(setting.seed),
        pricing_(parameters, rng_, setting.factories, setting.rounds),
        counts_what_it_has_(!setting.reference_quirks) {}

  void begin_day(const Desk&) override { pricing_.begin_day(); }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    for (std::size_t i = 0; i < talks.size(); ++i) replies[i] = answer(desk, talks[i]);
  }

  void on_agreement(const Desk&, int partner, bool selling, const Offer& offer) override {
    pricing_.remember_contract(partner, selling, offer.unit_price);
  }

 private:
  // The reference means to subtract what it agreed on today, but never counts it.
  double needed(const Desk& desk, bool selling) const {
    if (!counts_what_it_has_) return market_share(desk);
    return market_share(desk) - (selling ? desk.sales : desk.supplies);
  }

  Reply answer(const Desk& desk, const Talk& talk) {
    const double need = needed(desk, talk.selling);
    const Issue& prices = desk.issues(talk.selling).unit_price;
    if (talk.has_offer) {
      if (need <= 0) return Reply::end();
      if (talk.offer.quantity <= need) {
        const bool good =
            pricing_.is_good(prices, talk, talk.offer.unit_price, pricing_.threshold_of(talk));
        pricing_.remember_offer(talk.partner, talk.selling, talk.offer.unit_price);
        if (good) return Reply::accept();
      }
    }
    Reply opening = greedy_opening(rng_, desk, talk, need);
    opening.offer.unit_price = pricing_.good_price(prices, talk);
    return opening;
  }

  Rng rng_;
  GreedyPricing pricing_;
  bool counts_what_it_has_;
};

std::unique_ptr<Agent> make(const Parameters& parameters, const AgentSetting& setting) {
  return std::make_unique<GreedyAgent>(parameters, setting);
}

}  // namespace

std::vector<AgentType> greedy_agent_types() {
  return {{{"GreedyOneShotAgent", "concedes on prices, in each negotiation by itself",
            GreedyPricing::parameters()},
           "Gr",
           true,
           make}};
}

}  // namespace joust::worlds::scml
