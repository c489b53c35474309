// The greedy agent of the Standard game: as in OneShot it concedes on prices in each negotiation by
// itself, and where it needs nothing today, it trades for later days.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "worker/worlds/scml/agents/greedy.hpp"
#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

class GreedyStdAgent : public Agent {
 public:
  GreedyStdAgent(const Parameters& parameters, const AgentSetting& setting)
      : rng_(setting.seed),
        pricing_(parameters, rng_, setting.factories, setting.rounds),
        production_target_(parameters.get<double>("production_target")),
        future_threshold_(parameters.get<double>("future_threshold")),
        quirks_(setting.reference_quirks) {}

  void begin_day(const Desk& desk) override {
    pricing_.begin_day();
    days_.reserve(desk.future_sales.size() + 1);
  }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    for (std::size_t i = 0; i < talks.size(); ++i) replies[i] = answer(desk, talks[i]);
  }

  void on_agreement(const Desk&, int partner, bool selling, const Offer& offer) override {
    pricing_.remember_contract(partner, selling, offer.unit_price);
  }

 private:
  Reply answer(const Desk& desk, const Talk& talk) {
    if (talk.has_offer && wants(desk, talk)) {
      const bool is_for_today = talk.offer.day == desk.terms.day;
      const bool is_good =
          pricing_.is_good(prices(desk, talk, is_for_today), talk, talk.offer.unit_price,
                           is_for_today ? pricing_.threshold_of(talk) : future_threshold_);
      if (is_for_today) {
        pricing_.remember_offer(talk.partner, talk.selling, talk.offer.unit_price);
      }
      if (is_good) return Reply::accept();
    }
    Reply reply = counter(desk, talk);
    const bool is_for_today = reply.offer.day == desk.terms.day;
    reply.offer.unit_price = pricing_.good_price(prices(desk, talk, is_for_today), talk);
    return reply;
  }

  bool wants(const Desk& desk, const Talk& talk) const {
    if (talk.offer.day == desk.terms.day) {
      return talk.offer.quantity <= needed_today(desk, talk.selling);
    }
    return talk.offer.quantity < needed_on(desk, talk.offer.day, talk.selling);
  }

  // The reference does not count on a middle level what was agreed on today.
  double needed_today(const Desk& desk, bool selling) const {
    if (!desk.middle_level()) return selling ? desk.needed_sales() : desk.needed_supplies();
    const int agreed = selling ? desk.sales : desk.supplies;
    return production_target_ * desk.terms.lines - (quirks_ ? 0 : agreed);
  }

  double needed_on(const Desk& desk, int day, bool selling) const {
    const int agreed = selling ? desk.sales_on(day) : desk.supplies_on(day);
    return production_target_ * (desk.terms.lines - agreed);
  }

  // For later days it wants nearly the highest price, whether it buys or sells.
  Issue prices(const Desk& desk, const Talk& talk, bool is_for_today) const {
    Issue price = desk.issues(talk.selling).unit_price;
    if (!is_for_today) price.low = static_cast<int>(price.high * future_threshold_);
    return price;
  }

  // Without its price.
  Reply counter(const Desk& desk, const Talk& talk) {
    const Issue& quantity = desk.issues(talk.selling).quantity;
    double need = std::trunc(needed_today(desk, talk.selling));
    if (need <= 0) {
      list_days(desk.issues(talk.selling).day);
      while (!days_.empty()) {
        const int day = take_any_day();
        // the reference leaves this behind when no day will do, and then offers for today
        need = day == desk.terms.day ? production_target_ * desk.terms.lines
                                     : needed_on(desk, day, talk.selling);
        if (need <= 0) continue;
        const double most =
            std::min(limited(need, quantity), 1.0 * desk.terms.lines * (day - desk.terms.day));
        if (most >= 1) return offer_up_to(desk, day, most);
      }
      if (!quirks_) return Reply::end();
    }
    const double most = std::min<double>(limited(need, quantity), desk.terms.lines);
    return offer_up_to(desk, desk.terms.day, most);
  }

  static double limited(double need, const Issue& quantity) {
    return std::max<double>(std::min<double>(need, quantity.high), quantity.low);
  }

  Reply offer_up_to(const Desk& desk, int day, double most) {
    const int high = static_cast<int>(most);
    const int low =
        std::max(1, static_cast<int>(std::floor(most * desk.terms.day / desk.days + 0.5)));
    return Reply::propose({low < high ? draw_int(rng_, low, high) : low, day, 0});
  }

  void list_days(const Issue& day) {
    days_.resize(static_cast<std::size_t>(day.high - day.low) + 1);
    std::iota(days_.begin(), days_.end(), day.low);
  }

  int take_any_day() {
    const int last = static_cast<int>(days_.size()) - 1;
    std::swap(days_[static_cast<std::size_t>(draw_int(rng_, 0, last))], days_.back());
    const int day = days_.back();
    days_.pop_back();
    return day;
  }

  Rng rng_;
  GreedyPricing pricing_;
  double production_target_;
  double future_threshold_;
  bool quirks_;
  std::vector<int> days_;  // scratch
};

std::unique_ptr<Agent> make(const Parameters& parameters, const AgentSetting& setting) {
  return std::make_unique<GreedyStdAgent>(parameters, setting);
}

}  // namespace

std::vector<AgentType> greedy_std_agent_types() {
  std::vector<ParameterInfo> parameters = GreedyPricing::parameters();
  parameters.push_back(agent_real("production_target", 0.75,
                                  "share of the lines that it wants contracts for", 0, 1));
  parameters.push_back(agent_real("future_threshold", 0.9,
                                  "how good a price must be for a later day; 1 is the best", 0, 1));
  return {{{"GreedyStdAgent", "concedes on prices, and trades ahead when it needs nothing today",
            std::move(parameters)},
           "Gr",
           true,
           make}};
}

}  // namespace joust::worlds::scml
