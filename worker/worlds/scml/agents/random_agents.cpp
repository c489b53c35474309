// Agents without a plan: one that answers at random, one that accepts whatever it is offered, and
// one that never trades.

#include <fmt/format.h>

#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

class RandomAgent : public Agent {
 public:
  RandomAgent(std::uint64_t seed, double p_accept, double p_end)
      : rng_(seed), p_accept_(p_accept), p_end_(p_end) {}

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    for (std::size_t i = 0; i < talks.size(); ++i) replies[i] = answer(desk, talks[i]);
  }

 private:
  Reply answer(const Desk& desk, const Talk& talk) {
    if (talk.has_offer) {
      const double chance = draw_unit(rng_);
      if (chance < p_end_) return Reply::end();
      if (chance < p_end_ + p_accept_) return Reply::accept();
    }
    const Issues& issues = desk.issues(talk.selling);
    Offer offer;
    offer.quantity = draw_int(rng_, issues.quantity.low, issues.quantity.high);
    offer.day = draw_int(rng_, issues.day.low, issues.day.high);
    offer.unit_price = draw_int(rng_, issues.unit_price.low, issues.unit_price.high);
    return Reply::propose(offer);
  }

  Rng rng_;
  double p_accept_;
  double p_end_;
};

class DoNothingAgent : public Agent {
 public:
  void act(const Desk&, std::span<const Talk>, std::span<Reply> replies) override {
    for (Reply& reply : replies) reply = Reply::end();
  }
};

std::unique_ptr<Agent> make_random(const Parameters& parameters, const AgentSetting& setting) {
  const double p_accept = parameters.get<double>("p_accept");
  const double p_end = parameters.get<double>("p_end");
  if (p_accept + p_end > 1) {
    throw SetupError(
        fmt::format("p_accept = {} and p_end = {} add up to more than "
                    "1; lower one of them",
                    p_accept, p_end));
  }
  return std::make_unique<RandomAgent>(setting.seed, p_accept, p_end);
}

// It draws twice: first whether it ends the negotiation, then, if not, whether it accepts.
std::unique_ptr<Agent> make_random_std(const Parameters& parameters, const AgentSetting& setting) {
  const double p_end = parameters.get<double>("p_end");
  const double p_accept = (1 - p_end) * parameters.get<double>("p_accept");
  return std::make_unique<RandomAgent>(setting.seed, p_accept, p_end);
}

std::unique_ptr<Agent> make_nice(const Parameters&, const AgentSetting& setting) {
  return std::make_unique<RandomAgent>(setting.seed, 1.0, 0.0);
}

std::unique_ptr<Agent> make_nothing(const Parameters&, const AgentSetting&) {
  return std::make_unique<DoNothingAgent>();
}

}  // namespace

std::vector<AgentType> random_agent_types(Game game) {
  const std::vector<ParameterInfo> chances = {
      agent_real("p_accept", 0.1, "probability of accepting an offer", 0, 1),
      agent_real("p_end", 0.005, "probability of ending a negotiation at an offer", 0, 1)};
  std::vector<AgentType> types = {
      {{"RandomOneShotAgent", "accepts, ends or counters at random", chances},
       "Ra",
       false,
       make_random},
      {{"NiceAgent", "offers at random and accepts everything", {}}, "Ni", false, make_nice},
      {{"DoNothingAgent", "ends every negotiation: the score of not trading", {}},
       "Do",
       false,
       make_nothing},
  };
  if (game == Game::standard) {
    types.insert(types.begin(), {{"RandomStdAgent", "accepts, ends or counters at random", chances},
                                 "Ra",
                                 true,
                                 make_random_std});
  }
  return types;
}

}  // namespace joust::worlds::scml
