// A worked example of an agent for joust's SCML worlds: Planner buys and sells what its factory
// needs, concedes on prices from the best one to the limit that it has set itself, and in the
// Standard game trades ahead. README.md beside this says how to build it and let it play.

#include <joust/agent.hpp>

#include <algorithm>
#include <cmath>

namespace {

class Planner : public joust::Agent {
 public:
  // What `joust worlds build/libmyagent.so` shows and [competitor.parameters] may set.
  static joust::AgentType declare() {
    return joust::AgentType("Planner", "sees to its needs, and concedes on prices up to a limit")
        .parameter(joust::Parameter::real("concession", 2)
                       .between(0.1, 10)
                       .about("how late it concedes: 1 is evenly, more is later"))
        .parameter(joust::Parameter::real("limit", 0.8)
                       .between(0, 1)
                       .about("share of the price range that it concedes at most"))
        .parameter(
            joust::Parameter::real("ahead", 0.5)
                .between(0, 1)
                .about("share of a later day's lines that it fills in advance (Standard only)"));
  }

  Planner(const joust::Parameters& parameters, const joust::Setting& setting)
      : random_(setting.seed),
        concession_(parameters.real("concession")),
        limit_(parameters.real("limit")),
        ahead_(parameters.real("ahead")) {}

  // One negotiation at a time: what was agreed in another one is on the desk already.
  joust::Reply answer(const joust::Desk& desk, const joust::Talk& talk) override {
    const bool selling = talk.selling != 0;
    if (talk.has_offer != 0 && is_good(desk, talk)) return joust::Reply::accept();
    const int day = day_in_need(desk, selling);
    if (day < 0) return joust::Reply::end();  // nothing is missing on any day
    return joust::Reply::propose(
        {share_of(desk, selling, day), day, price(desk, selling, talk.round)});
  }

 private:
  // It must fit into the need of its day, and be no worse than what Planner would ask for now.
  bool is_good(const joust::Desk& desk, const joust::Talk& talk) const {
    const joust::Offer& offer = talk.offer;
    const bool selling = talk.selling != 0;
    if (offer.quantity > need(desk, selling, offer.day)) return false;
    const int asked = price(desk, selling, talk.round);
    return selling ? offer.unit_price >= asked : offer.unit_price <= asked;
  }

  // Units still to be bought or sold on a day.
  int need(const joust::Desk& desk, bool selling, int day) const {
    const bool in_between = !desk.first_level() && !desk.last_level();
    if (day == desk.day() && !in_between) return desk.needed(selling);
    if (in_between && selling) {  // what there will be to sell is what it has bought
      const int stock = day == desk.day() ? desk.inventory() : 0;
      return std::min(desk.lines(), stock + desk.supplies_on(day)) - desk.sales_on(day);
    }
    const int target = static_cast<int>(ahead_ * usual(desk, selling));
    return target - (selling ? desk.sales_on(day) : desk.supplies_on(day));
  }

  // What a later day will ask for: the outside world is taken to do what it does today.
  static int usual(const joust::Desk& desk, bool selling) {
    if (selling && desk.first_level()) return std::min(desk.lines(), desk.exogenous_in());
    if (!selling && desk.last_level()) return std::min(desk.lines(), desk.exogenous_out());
    return desk.lines();
  }

  // The first day on which something is missing, -1: none.
  int day_in_need(const joust::Desk& desk, bool selling) const {
    const joust::Issue& days = desk.issues(selling).day;
    for (int day = days.low; day <= days.high; ++day) {
      if (need(desk, selling, day) > 0) return day;
    }
    return -1;
  }

  // Several partners are asked at once, and each may accept: nobody is asked for everything. What a
  // division leaves over is drawn, so that not all partners are asked for too little.
  int share_of(const joust::Desk& desk, bool selling, int day) {
    const int partners = std::max(1, selling ? desk.consumers() : desk.suppliers());
    const double even = static_cast<double>(need(desk, selling, day)) / partners;
    const int share = static_cast<int>(std::floor(even + random_.unit()));
    const joust::Issue& quantity = desk.issues(selling).quantity;
    return std::clamp(share, std::max(1, quantity.low), quantity.high);
  }

  // From the best price towards the worst as a negotiation goes on, but not beyond the limit.
  int price(const joust::Desk& desk, bool selling, int round) const {
    const joust::Issue& price = desk.issues(selling).unit_price;
    const double conceded = limit_ * std::pow(desk.relative_time(round), concession_);
    const int step = static_cast<int>(std::lround(conceded * (price.high - price.low)));
    return selling ? price.high - step : price.low + step;
  }

  joust::Random random_;
  double concession_;
  double limit_;
  double ahead_;
};

}  // namespace

JOUST_AGENTS(Planner)
