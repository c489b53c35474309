#pragma once
// What an agent knows and may do. One agent plays one factory for one whole game.

#include <algorithm>
#include <span>
#include <vector>

#include "worker/worlds/scml/negotiation.hpp"
#include "worker/worlds/scml/utility.hpp"

namespace joust::worlds::scml {

// What an agent sees. The simulation owns and updates it.
struct Desk {
  // The whole game
  int factory = 0;
  int level = 0;
  int levels = 2;
  int days = 0;
  int rounds = 20;
  int competitors = 0;  // other factories on the level
  bool perishable = true;

  // Today. terms.day is today's number.
  UtilityTerms terms;
  Issues input_issues;
  Issues output_issues;
  int suppliers = 0;  // partners that negotiate today
  int consumers = 0;
  int raw_supply = 0;    // units that the outside world delivers to the first level
  int final_demand = 0;  // units that it buys from the last level

  // Now
  int supplies = 0;  // units agreed on for today
  int sales = 0;
  // The same for later days: [0] is tomorrow, as far as the horizon. Empty where every offer is for
  // today.
  std::vector<int> future_supplies;
  std::vector<int> future_sales;

  bool first_level() const { return level == 0; }
  bool last_level() const { return level == levels - 1; }
  bool middle_level() const { return !first_level() && !last_level(); }
  int supplies_on(int day) const { return agreed_on(day, supplies, future_supplies); }
  int sales_on(int day) const { return agreed_on(day, sales, future_sales); }
  const Issues& issues(bool selling) const { return selling ? output_issues : input_issues; }

  // Share of a negotiation that has passed in its round, in (0, 1).
  double relative_time(int round) const { return (round + 1.0) / (rounds + 1.0); }

  // Units still to buy (or sell) so that what comes in equals what goes out; negative for a
  // surplus.
  int needed_supplies() const { return limited(!first_level(), -balance_of_units()); }
  int needed_sales() const { return limited(!last_level(), balance_of_units()); }

 private:
  int balance_of_units() const {
    return terms.exogenous_in + terms.inventory_in + supplies - sales - terms.exogenous_out -
           terms.inventory_out;
  }
  int agreed_on(int day, int today, const std::vector<int>& later) const {
    if (day == terms.day) return today;
    const auto ahead = static_cast<std::size_t>(day - terms.day) - 1;
    return day > terms.day && ahead < later.size() ? later[ahead] : 0;
  }
  int limited(bool trades, int units) const {
    if (!trades) return 0;
    return perishable ? std::min(terms.lines, units) : units;
  }
};

class Agent {
 public:
  virtual ~Agent() = default;

  // Whether the agent wants all its negotiations in one act(); constant.
  virtual bool synchronous() const { return false; }

  virtual void begin_day(const Desk&) {}

  // Answers each talk with the reply of the same index; replies not written end their negotiation.
  // See NegotiationParties::act for which talks there are.
  virtual void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) = 0;

  // A negotiation of this agent ended in agreement.
  virtual void on_agreement(const Desk&, int /*partner*/, bool /*selling*/, const Offer&) {}
};

}  // namespace joust::worlds::scml
