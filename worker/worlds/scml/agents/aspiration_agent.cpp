// An agent that wants one single contract a day: it aspires to its best outcome at first and to
// less and less as the negotiations go on.

#include <algorithm>
#include <cmath>

#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

constexpr double kSmallestRange = 1e-5;

class AspirationAgent : public Agent {
 public:
  AspirationAgent(const Parameters& parameters, const AgentSetting& setting)
      : rng_(setting.seed),
        whole_exponents_(parameters.get<IntegerRange>("whole_exponents")),
        real_exponents_(parameters.get<RealRange>("real_exponents")),
        p_whole_(parameters.get<double>("p_whole_exponent")),
        quirks_(setting.reference_quirks) {}

  bool synchronous() const override { return true; }

  void begin_day(const Desk& desk) override {
    done_ = !desk.first_level() && !desk.last_level();
    if (done_) return;
    exponent_ = draw_unit(rng_) < p_whole_ ? draw_int(rng_, whole_exponents_)
                                           : draw_real(rng_, real_exponents_);
    selling_ = desk.first_level();
    reserved_ = utility(desk.terms, {});
    range_ = std::max(best_single(desk) - reserved_, kSmallestRange);
    list_outcomes(desk);
    reached_ = 0;
  }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    if (done_) return;
    if (!talks.front().has_offer) {
      for (Reply& reply : replies) reply = Reply::propose(outcomes_.front().offer);
      return;
    }
    // Those without an offer come last, and are ended.
    while (!talks.back().has_offer) talks = talks.first(talks.size() - 1);
    int round = talks[0].round;
    for (const Talk& talk : talks) round = std::min(round, talk.round);
    const double aspiration = 1 - std::pow(desk.relative_time(round), exponent_);
    std::size_t best = 0;
    double best_value = value(desk, talks[0].offer);
    for (std::size_t i = 1; i < talks.size(); ++i) {
      const double other = value(desk, talks[i].offer);
      if (other > best_value) {
        best = i;
        best_value = other;
      }
    }
    if (best_value >= aspiration) {
      replies[best] = Reply::accept();
      done_ = true;
      return;
    }
    const Offer& offer = lowest_above(aspiration);
    replies[nearest(talks, offer)] = Reply::propose(offer);
  }

 private:
  struct Outcome {
    double value;
    Offer offer;
  };

  double value(const Desk& desk, const Offer& offer) const {
    const Trade trade{offer.quantity, offer.day, static_cast<double>(offer.unit_price), selling_};
    return (utility(desk.terms, {&trade, 1}) - reserved_) / range_;
  }

  // The utility of the best single contract.
  double best_single(const Desk& desk) const {
    const Issues& issues = desk.issues(selling_);
    const int price = selling_ ? issues.unit_price.high : issues.unit_price.low;
    double best = reserved_;
    for (int quantity = 1; quantity <= issues.quantity.high; ++quantity) {
      const Trade trade{quantity, desk.terms.day, static_cast<double>(price), selling_};
      best = std::max(best, utility(desk.terms, {&trade, 1}));
    }
    return best;
  }

  // All outcomes of a negotiation, best first. The reference takes the output's issues on both
  // sides, so that what a buyer proposes is outside its negotiations and ends them.
  void list_outcomes(const Desk& desk) {
    const Issues& issues = desk.issues(quirks_ || selling_);
    outcomes_.clear();
    for (int quantity = issues.quantity.low; quantity <= issues.quantity.high; ++quantity) {
      for (int day = issues.day.low; day <= issues.day.high; ++day) {
        for (int price = issues.unit_price.low; price <= issues.unit_price.high; ++price) {
          const Offer offer{quantity, day, price};
          outcomes_.push_back({value(desk, offer), offer});
        }
      }
    }
    std::stable_sort(outcomes_.begin(), outcomes_.end(),
                     [](const Outcome& a, const Outcome& b) { return a.value > b.value; });
  }

  // The last outcome, from where the search stood, that is still worth the aspiration. The
  // reference counts from where the search stood but looks up from the start, and so wavers.
  const Offer& lowest_above(double aspiration) {
    const std::size_t start = reached_;
    std::size_t first_below = start;
    while (first_below < outcomes_.size() && outcomes_[first_below].value >= aspiration)
      ++first_below;
    const std::size_t passed = first_below - start;
    const std::size_t offset = quirks_ ? 0 : start;
    reached_ = passed > 0 ? offset + passed - 1 : offset;
    return outcomes_[reached_].offer;
  }

  static std::size_t nearest(std::span<const Talk> talks, const Offer& offer) {
    const auto square = [](int difference) { return difference * difference; };
    std::size_t best = 0;
    int best_distance = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < talks.size(); ++i) {
      const Offer& other = talks[i].offer;
      const int distance = square(offer.quantity - other.quantity) + square(offer.day - other.day) +
                           square(offer.unit_price - other.unit_price);
      if (distance < best_distance) {
        best = i;
        best_distance = distance;
      }
    }
    return best;
  }

  Rng rng_;
  IntegerRange whole_exponents_;
  RealRange real_exponents_;
  double p_whole_;
  bool quirks_;

  // Today
  bool done_ = false;
  bool selling_ = false;
  double exponent_ = 1;
  double reserved_ = 0;  // utility of no contract
  double range_ = 1;
  std::vector<Outcome> outcomes_;
  std::size_t reached_ = 0;
};

std::unique_ptr<Agent> make(const Parameters& parameters, const AgentSetting& setting) {
  return std::make_unique<AspirationAgent>(parameters, setting);
}

}  // namespace

std::vector<AgentType> aspiration_agent_types() {
  return {{{"SingleAgreementAspirationAgent",
            "wants one good contract a day, and concedes along a curve 1 - t^a",
            {{"whole_exponents",
              ParameterKind::integer_range,
              IntegerRange{1, 4},
              "",
              "values of a, drawn each day",
              0,
              100,
              {}},
             agent_reals("real_exponents", {0, 1}, "values of a otherwise", 0, 100),
             agent_real("p_whole_exponent", 0.7, "probability of a whole exponent", 0, 1)}},
           "SAA",
           false,
           make}};
}

}  // namespace joust::worlds::scml
