// An agent that plans ahead: it spreads what it needs today over most of its partners, offers the
// others a later day, and accepts what fits its needs at prices that get worse with time.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/distribution.hpp"
#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

struct Habits {
  double productivity_today = 0;   // share of the lines that a middle level wants to use
  double productivity_ahead = 0;   // units a day that it counts on at least
  double concentration_today = 0;  // how often it asks few partners for much
  double concentration_ahead = 0;
  double exponent_today = 0;  // how late it concedes on prices
  double exponent_ahead = 0;
  double price_margin = 0;    // share of the price range that it does not touch for later days
  double share_of_today = 1;  // of its partners that it asks for today
  bool near_first = false;
  bool far_first = false;
};

// Between which prices the agent buys or sells; none where low is above high.
struct Prices {
  int low = 0;
  int high = 0;
};

class SyncRandomStdAgent : public Agent {
 public:
  SyncRandomStdAgent(const Habits& habits, const AgentSetting& setting)
      : rng_(setting.seed), habits_(habits), quirks_(setting.reference_quirks) {}

  bool synchronous() const override { return true; }

  void begin_day(const Desk& desk) override {
    const auto partners =
        static_cast<std::size_t>(desk.suppliers) + static_cast<std::size_t>(desk.consumers);
    for (auto* scratch : {&asked_, &mine_, &left_}) scratch->reserve(partners);
    for (auto* scratch : {&shares_, &division_}) scratch->reserve(partners);
    for (auto* scratch : {&needs_, &days_}) scratch->reserve(desk.future_sales.size() + 1);
    surplus_.reserve(desk.future_sales.size());
  }

  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    plan(desk);
    asked_.clear();
    const bool opens = !talks.front().has_offer;
    if (!opens) {
      accept(desk, false, talks, replies);
      accept(desk, true, talks, replies);
    }
    for (std::size_t i = 0; i < talks.size(); ++i) {
      if (talks[i].has_offer != opens && replies[i].kind == Reply::Kind::end) asked_.push_back(i);
    }
    ask_for_today(desk, opens, talks, replies);
    ask_for_later(desk, false, talks, replies);
    ask_for_later(desk, true, talks, replies);
  }

 private:
  // What it would not sell below its purchases, nor buy above its sales.
  static Prices prices(const Desk& desk, bool selling) {
    const Issue& in = desk.input_issues.unit_price;
    const Issue& out = desk.output_issues.unit_price;
    if (selling) return {std::max(out.low, in.high), out.high};
    return {in.low, std::min(in.high, out.low)};
  }

  // A price that starts at the agent's best end and comes to the other one as `t` goes from 0 to 1.
  double price_at(double t, double low, double high, bool selling, bool is_for_today) const {
    const double exponent = is_for_today ? habits_.exponent_today : habits_.exponent_ahead;
    if (selling && !is_for_today) low += habits_.price_margin * (high - low);
    const double way = (high - low) * std::pow(t, exponent);
    const double price = std::trunc(selling ? 0.5 + high - way : low + way + 0.5);
    return std::max(low, std::min(high, price));
  }

  bool is_good(const Offer& offer, double t, const Prices& range, bool selling,
               bool is_for_today) const {
    constexpr double kTolerance = 0.0001;
    double high = range.high;
    if (!selling && !is_for_today) high -= habits_.price_margin * (range.high - range.low);
    const double limit = price_at(t, range.low, high, selling, is_for_today);
    return selling ? offer.unit_price + kTolerance >= limit
                   : offer.unit_price - kTolerance <= limit;
  }

  // Accepts the offers of one side that fit a need, first come first served.
  void accept(const Desk& desk, bool selling, std::span<const Talk> talks,
              std::span<Reply> replies) {
    const Prices range = prices(desk, selling);
    if (range.low > range.high) return;
    const int today = desk.terms.day;
    const int days_left = std::max(desk.days - today, 1);
    list_needs(desk, selling);
    for (std::size_t i = 0; i < talks.size(); ++i) {
      const Talk& talk = talks[i];
      if (talk.selling != selling || !talk.has_offer) continue;
      const bool is_for_today = talk.offer.day == today;
      const double t = is_for_today ? desk.relative_time(talk.round)
                                    : static_cast<double>(talk.offer.day - today) / days_left;
      if (!is_good(talk.offer, t, range, selling, is_for_today)) continue;
      const auto ahead = static_cast<std::size_t>(talk.offer.day - today);
      if (ahead >= needs_.size() || talk.offer.quantity >= needs_[ahead]) continue;
      replies[i] = Reply::accept();
      needs_[ahead] -= talk.offer.quantity;
    }
  }

  // Sets needs_: what to buy or sell on each day from today on.
  void list_needs(const Desk& desk, bool selling) {
    int today = selling ? desk.needed_sales() : desk.needed_supplies();
    if (desk.middle_level()) {
      today = std::max(today, static_cast<int>(desk.terms.lines * habits_.productivity_today));
    }
    needs_.assign(1, today);
    for (const double surplus : surplus_) {
      needs_.push_back(static_cast<int>(std::max(0.0, selling ? surplus : -surplus)));
    }
    if (selling ? desk.last_level() : desk.first_level()) {
      std::fill(needs_.begin() + 1, needs_.end(), 0);
    }
  }

  // Sets surplus_, for each later day that it plans for ([0] is tomorrow): how much more is bought
  // until then than is sold from then on. Of what is not known yet it expects a minimum.
  void plan(const Desk& desk) {
    const UtilityTerms& terms = desk.terms;
    const int last = std::min(desk.input_issues.day.high, desk.days - 1);
    int supplies = terms.inventory_in + terms.inventory_out + desk.supplies;
    int sales = std::accumulate(desk.future_sales.begin(), desk.future_sales.end(), 0);
    surplus_.clear();
    for (int day = terms.day + 1; day <= last; ++day) {
      const int until = day - terms.day;
      const int from = desk.days - day;
      supplies += desk.supplies_on(day);
      const int in = supplies + (desk.first_level() ? terms.exogenous_in * until : 0);
      const int out = sales + (desk.last_level() ? terms.exogenous_out * from : 0);
      surplus_.push_back(std::max<double>(habits_.productivity_ahead * until, in) -
                         std::max<double>(habits_.productivity_ahead * from, out));
      sales -= desk.sales_on(day);
    }
  }

  // Divides today's needs among most of asked_; leaves the rest of them there.
  void ask_for_today(const Desk& desk, bool opens, std::span<const Talk> talks,
                     std::span<Reply> replies) {
    shares_.assign(talks.size(), 0);
    shuffle<std::size_t>(rng_, asked_);
    const auto most = static_cast<std::size_t>(
        std::max(1.0, std::trunc(habits_.share_of_today * static_cast<double>(asked_.size()))));
    const auto today = std::span(asked_).first(std::min(most, asked_.size()));
    divide_today(desk, false, today, talks);
    divide_today(desk, true, today, talks);
    left_.clear();
    for (const std::size_t i : asked_) {
      if (shares_[i] <= 0) {
        left_.push_back(i);
        continue;
      }
      const Issue& range = desk.issues(talks[i].selling).unit_price;
      const int best = talks[i].selling ? range.high : range.low;
      // the reference concedes here as it does for later days
      const double good = price_at(desk.relative_time(talks[i].round), range.low, range.high,
                                   talks[i].selling, !quirks_);
      replies[i] =
          Reply::propose({shares_[i], desk.terms.day, opens ? best : static_cast<int>(good)});
    }
    asked_.swap(left_);
  }

  void divide_today(const Desk& desk, bool selling, std::span<const std::size_t> partners,
                    std::span<const Talk> talks) {
    find_mine(selling, partners, talks);
    const int need = need_of_today(desk, selling);
    if (mine_.empty() || need < 1) return;
    divide(need, desk.issues(selling).quantity.high, habits_.concentration_today, true);
    for (std::size_t i = 0; i < mine_.size(); ++i) shares_[mine_[i]] = division_[i];
  }

  static int need_of_today(const Desk& desk, bool selling) {
    if (desk.middle_level()) return desk.terms.lines;
    return selling ? desk.needed_sales() : desk.needed_supplies();
  }

  void find_mine(bool selling, std::span<const std::size_t> among, std::span<const Talk> talks) {
    mine_.clear();
    for (const std::size_t i : among) {
      if (talks[i].selling == selling) mine_.push_back(i);
    }
  }

  void divide(int quantity, int most, double concentration, bool may_be_zero) {
    Division division;
    division.concentrated = draw_unit(rng_) < concentration;
    division.equal = draw_unit(rng_) > 0.5;
    division.may_be_zero = may_be_zero;
    division.most = most;
    division_.assign(mine_.size(), 0);
    distribute(rng_, quantity, division, division_);
  }

  // Offers asked_ a later day on which something is needed.
  void ask_for_later(const Desk& desk, bool selling, std::span<const Talk> talks,
                     std::span<Reply> replies) {
    const Prices range = prices(desk, selling);
    if (range.low > range.high) return;
    find_mine(selling, asked_, talks);
    if (mine_.empty() || (selling ? desk.last_level() : desk.first_level())) return;
    order_days(desk, selling);
    const int days_left = std::max(desk.days - desk.terms.day, 1);
    for (const int day : days_) {
      if (mine_.empty()) return;
      divide(static_cast<int>(std::abs(surplus_on(desk, day))), desk.issues(selling).quantity.high,
             habits_.concentration_ahead, false);
      const double t = 1 - std::min(1.0, static_cast<double>(day - desk.terms.day) / days_left);
      const auto price = static_cast<int>(price_at(t, range.low, range.high, selling, false));
      left_.clear();
      for (std::size_t i = 0; i < mine_.size(); ++i) {
        if (division_[i] > 0) {
          replies[mine_[i]] = Reply::propose({division_[i], day, price});
        } else {
          left_.push_back(mine_[i]);
        }
      }
      // The reference takes those without an offer for served, too.
      if (quirks_) return;
      mine_.swap(left_);
    }
  }

  void order_days(const Desk& desk, bool selling) {
    days_.clear();
    for (std::size_t i = 0; i < surplus_.size(); ++i) {
      const bool is_needed = selling ? surplus_[i] > 0 : surplus_[i] < 0;
      if (is_needed) days_.push_back(desk.terms.day + 1 + static_cast<int>(i));
    }
    if (habits_.far_first) {
      std::reverse(days_.begin(), days_.end());
    } else if (!habits_.near_first) {
      shuffle<int>(rng_, days_);
    }
  }

  double surplus_on(const Desk& desk, int day) const {
    return surplus_[static_cast<std::size_t>(day - desk.terms.day) - 1];
  }

  Rng rng_;
  Habits habits_;
  bool quirks_;
  // Scratch; the first three are indices of talks.
  std::vector<std::size_t> asked_;
  std::vector<std::size_t> mine_;  // of one side
  std::vector<std::size_t> left_;
  std::vector<int> shares_;    // per talk
  std::vector<int> division_;  // per one of mine_
  std::vector<int> needs_;     // [0] is today's
  std::vector<int> days_;
  std::vector<double> surplus_;
};

std::unique_ptr<Agent> make(const Parameters& parameters, const AgentSetting& setting) {
  Habits habits;
  habits.productivity_today = parameters.get<double>("today_target_productivity");
  habits.productivity_ahead = parameters.get<double>("future_target_productivity");
  habits.concentration_today = parameters.get<double>("today_concentration");
  habits.concentration_ahead = parameters.get<double>("future_concentration");
  habits.exponent_today = parameters.get<double>("today_concession_exp");
  habits.exponent_ahead = parameters.get<double>("future_concession_exp");
  habits.price_margin = parameters.get<double>("future_min_price");
  habits.share_of_today = 1 - parameters.get<double>("pfuture");
  habits.near_first = parameters.get<bool>("prioritize_near_future");
  habits.far_first = parameters.get<bool>("prioritize_far_future");
  if (habits.near_first && habits.far_first) {
    throw SetupError(
        "SyncRandomStdAgent: prioritize_near_future and prioritize_far_future are both true; set "
        "one of them to false");
  }
  return std::make_unique<SyncRandomStdAgent>(habits, setting);
}

ParameterInfo choice(std::string name, std::string summary) {
  return {std::move(name), ParameterKind::boolean, false, "", std::move(summary), 0, 1, {}};
}

}  // namespace

std::vector<AgentType> sync_random_std_agent_types() {
  return {
      {{"SyncRandomStdAgent",
        "spreads its needs over its partners, and offers the others later days",
        {agent_real("today_target_productivity", 0.3,
                    "share of the lines that a middle level means to use today", 0, 1),
         agent_real("future_target_productivity", 0.3,
                    "units a day that it expects to trade later, at least", 0, 1000),
         agent_real("today_concentration", 0.25,
                    "probability of asking few partners for much, for today", 0, 1),
         agent_real("future_concentration", 0.75, "the same for later days", 0, 1),
         agent_real("today_concession_exp", 2, "how late it concedes on prices for today", 0, 100),
         agent_real("future_concession_exp", 4, "the same for later days", 0, 100),
         agent_real("future_min_price", 0.25,
                    "share of the price range that it does not concede for later days", 0, 1),
         agent_real("pfuture", 0.15, "share of the partners that it offers later days", 0, 1),
         choice("prioritize_near_future", "offer the nearest day on which it needs something"),
         choice("prioritize_far_future", "offer the farthest such day")}},
       "SRS",
       true,
       make}};
}

}  // namespace joust::worlds::scml
