// Agents that look at quantities only. They spread what they need over their partners, accept the
// set of offers that comes nearest to it, and get less picky as time passes.

#include <algorithm>
#include <cmath>
#include <limits>

#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/distribution.hpp"
#include "worker/worlds/scml/draws.hpp"
#include "worker/worlds/scml/subset.hpp"

namespace joust::worlds::scml {
namespace {

struct Temper {
  bool equal = false;       // spread needs equally
  double mismatch_max = 0;  // units off the need that are accepted at the end
  double mismatch_exponent = 0;
  double overordering_max = 0;  // share of the need asked for on top of it, at the start
  double overordering_min = 0;  // and at the end
  double overordering_exponent = 0;
};

class NeedsAgent : public Agent {
 public:
  NeedsAgent(const Temper& temper, const AgentSetting& setting)
      : rng_(setting.seed),
        equal_(temper.equal),
        quirks_(setting.reference_quirks),
        partner_rank_(setting.partner_rank) {
    over_at_start_ = temper.overordering_max;
    for (int round = 0; round < setting.rounds; ++round) {
      const double t = (round + 1.0) / (setting.rounds + 1.0);
      tolerance_.push_back(temper.mismatch_max * std::pow(t, temper.mismatch_exponent));
      const double fallen = (temper.overordering_max - temper.overordering_min) *
                            std::pow(t, temper.overordering_exponent);
      over_.push_back(temper.overordering_max - fallen);
    }
  }

  bool synchronous() const override { return true; }

  void begin_day(const Desk& desk) override {
    const auto partners = static_cast<std::size_t>(std::max(desk.suppliers, desk.consumers));
    for (auto* scratch : {&mine_, &holding_}) scratch->reserve(partners);
    for (auto* scratch : {&offered_, &shares_}) scratch->reserve(partners);
    totals_.reserve(std::size_t{1} << partners);
  }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    if (!talks.front().has_offer) {
      for (const bool selling : {false, true}) {
        spread(desk, selling, over_at_start_, opening_price(desk, selling), talks, replies);
      }
      return;
    }
    // states of negotiations count in which it holds an offer
    const auto round = static_cast<std::size_t>(earliest_round(talks));
    for (const bool selling : {false, true}) answer_side(desk, selling, round, talks, replies);
  }

 private:
  // The reference takes a middle level for a buyer on both its sides.
  int opening_price(const Desk& desk, bool selling) const {
    const bool as_seller = quirks_ ? desk.first_level() : selling;
    return as_seller ? desk.output_issues.unit_price.high : desk.input_issues.unit_price.low;
  }

  void answer_side(const Desk& desk, bool selling, std::size_t round, std::span<const Talk> talks,
                   std::span<Reply> replies) {
    const bool trades = selling ? desk.consumers > 0 : desk.suppliers > 0;
    if (!trades && !(quirks_ && desk.terms.day < desk.issues(!selling).day.high)) return;
    if (accept_nearest(desk, selling, tolerance_[round], talks, replies)) return;
    const Issue& price = desk.issues(selling).unit_price;
    const int unit_price = draw_int(rng_, price.low, price.high);
    spread(desk, selling, over_[round], unit_price, talks, replies);
    // The reference asks the other side, too, at the same price, whatever was decided there.
    if (quirks_) spread(desk, !selling, over_[round], unit_price, talks, replies);
  }

  static int need_of(const Desk& desk, bool selling) {
    return selling ? desk.needed_sales() : desk.needed_supplies();
  }

  // Accepts the offers for today that come nearest to the need together, if they come near enough,
  // and ends the other negotiations of that side.
  bool accept_nearest(const Desk& desk, bool selling, double tolerance, std::span<const Talk> talks,
                      std::span<Reply> replies) {
    find_holding(desk, selling, talks);
    offered_.clear();
    for (const std::size_t i : holding_) offered_.push_back(talks[i].offer.quantity);
    const Subset best = nearest_subset(offered_, need_of(desk, selling), totals_);
    if (best.distance > tolerance) return false;
    for (std::size_t i = 0; i < talks.size(); ++i) {
      const bool is_for_later = talks[i].has_offer && talks[i].offer.day != desk.terms.day;
      // The reference ends those that offer a later day on either side.
      if (quirks_ ? is_for_later : talks[i].selling == selling) replies[i] = Reply::end();
    }
    for (std::size_t i = 0; i < holding_.size(); ++i) {
      const bool is_member = (best.members >> i & 1U) != 0;
      replies[holding_[i]] = is_member ? Reply::accept() : Reply::end();
    }
    return true;
  }

  // The order decides which of several equally good sets of offers is taken.
  void find_holding(const Desk& desk, bool selling, std::span<const Talk> talks) {
    holding_.clear();
    for (std::size_t i = 0; i < talks.size(); ++i) {
      const Talk& talk = talks[i];
      const bool is_mine = talk.selling == selling && talk.has_offer;
      if (is_mine && talk.offer.day == desk.terms.day) holding_.push_back(i);
    }
    if (partner_rank_.empty()) {
      shuffle<std::size_t>(rng_, holding_);
      return;
    }
    const auto rank = [&](std::size_t i) {
      return partner_rank_[static_cast<std::size_t>(talks[i].partner)];
    };
    std::sort(holding_.begin(), holding_.end(),
              [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  }

  static int earliest_round(std::span<const Talk> talks) {
    int earliest = std::numeric_limits<int>::max();
    for (const Talk& talk : talks) {
      if (talk.has_offer) earliest = std::min(earliest, talk.round);
    }
    return earliest;
  }

  // Asks the partners of one side for what is needed and a bit more; those that get no share are
  // left. The reference spreads over all of the day's partners, and so loses what falls on those
  // whose negotiation has ended.
  void spread(const Desk& desk, bool selling, double over, int unit_price,
              std::span<const Talk> talks, std::span<Reply> replies) {
    mine_.clear();
    for (std::size_t i = 0; i < talks.size(); ++i) {
      if (talks[i].selling == selling) mine_.push_back(i);
    }
    if (mine_.empty()) return;
    for (const std::size_t i : mine_) replies[i] = Reply::end();
    const int need = need_of(desk, selling);
    if (need <= 0) return;
    const auto all = static_cast<std::size_t>(selling ? desk.consumers : desk.suppliers);
    shares_.resize(quirks_ ? all : mine_.size());
    distribute(rng_, static_cast<int>(need * (1 + over)), {.equal = equal_}, shares_);
    for (std::size_t i = 0; i < mine_.size(); ++i) {
      if (shares_[i] > 0) {
        replies[mine_[i]] = Reply::propose({shares_[i], desk.terms.day, unit_price});
      }
    }
  }

  Rng rng_;
  bool equal_;
  bool quirks_;
  double over_at_start_;
  std::vector<double> tolerance_;  // per round
  std::vector<double> over_;       // per round
  std::vector<int> partner_rank_;
  std::vector<std::size_t> mine_;     // scratch: the talks of one side
  std::vector<std::size_t> holding_;  // those of them with an offer for today
  std::vector<int> offered_;
  std::vector<int> totals_;
  std::vector<int> shares_;
};

std::unique_ptr<Agent> make(const Parameters& parameters, const AgentSetting& setting, bool equal) {
  Temper temper;
  temper.equal = equal;
  temper.mismatch_max = parameters.get<double>("mismatch_max");
  if (temper.mismatch_max < 1) temper.mismatch_max *= setting.lines;
  temper.mismatch_exponent = parameters.get<double>("mismatch_exponent");
  temper.overordering_max = parameters.get<double>("overordering_max");
  temper.overordering_min = parameters.get<double>("overordering_min");
  temper.overordering_exponent = parameters.get<double>("overordering_exponent");
  return std::make_unique<NeedsAgent>(temper, setting);
}

std::unique_ptr<Agent> make_uneven(const Parameters& parameters, const AgentSetting& setting) {
  return make(parameters, setting, false);
}

std::unique_ptr<Agent> make_even(const Parameters& parameters, const AgentSetting& setting) {
  return make(parameters, setting, true);
}

std::unique_ptr<Agent> make_either(const Parameters& parameters, const AgentSetting& setting) {
  return make(parameters, setting, parameters.get<bool>("equal"));
}

std::vector<ParameterInfo> temper_parameters() {
  return {
      agent_real("mismatch_max", 0.3,
                 "quantity off the need that is accepted at the end; below 1: a share of the lines",
                 0, 1000),
      agent_real("mismatch_exponent", 4, "how late that tolerance comes", 0, 100),
      agent_real("overordering_max", 0.2, "share of the need asked for on top of it at the start",
                 0, 10),
      agent_real("overordering_min", 0, "and at the end", 0, 10),
      agent_real("overordering_exponent", 0.4, "how late the one becomes the other", 0, 100),
  };
}

}  // namespace

std::vector<AgentType> needs_agent_types() {
  std::vector<ParameterInfo> with_choice = temper_parameters();
  with_choice.push_back({"equal",
                         ParameterKind::boolean,
                         false,
                         "",
                         "spread needs equally over the partners",
                         0,
                         1,
                         {}});
  return {
      {{"SyncRandomOneShotAgent", "accepts the offers that fit its needs best", with_choice},
       "Sy",
       false,
       make_either},
      {{"RandDistOneShotAgent", "the same, spreading its needs at random", temper_parameters()},
       "Ra",
       true,
       make_uneven},
      {{"EqualDistOneShotAgent", "the same, spreading its needs equally", temper_parameters()},
       "Eq",
       true,
       make_even},
  };
}

}  // namespace joust::worlds::scml
