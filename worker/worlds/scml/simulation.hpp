#pragma once
// One game from the first day to the last.
//
// A day: the outside world's trades become known; every factory's terms are set from today's costs
// and prices; all adjacent pairs of factories negotiate; the contracts that are due are executed;
// prices move; every factory is settled by the utility of its day, and keeps, where goods do not
// perish, the material that it did not use. A factory whose balance falls below the limit is
// bankrupt for good: it negotiates no more and its contracts for later days are void, but its
// exogenous trades go on.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/random.hpp"
#include "worker/worlds/scml/agent.hpp"
#include "worker/worlds/scml/economy.hpp"
#include "worker/worlds/scml/market_issues.hpp"
#include "worker/worlds/scml/negotiation.hpp"
#include "worker/worlds/scml/rules.hpp"
#include "worker/worlds/scml/trading_prices.hpp"
#include "worker/worlds/scml/utility.hpp"

namespace joust::worlds::scml {

// What happened to one factory in the course of the game so far, and on the day just played.
struct FactoryState {
  double balance = 0;
  bool bankrupt = false;
  Desk desk;                              // as it stood at the end of the day's negotiations
  DayOutcome outcome;                     // of the day
  std::vector<Trade> trades;              // the contracts due on the day
  int inventory = 0;                      // material left for the next day
  std::uint64_t exogenous_contracts = 0;  // of the game
  std::uint64_t nullified_contracts = 0;  // of the game
};

struct GameCounts {
  std::uint64_t negotiations = 0;
  std::uint64_t agreed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t exogenous_contracts = 0;
  std::uint64_t nullified_contracts = 0;
  std::uint64_t breaches = 0;  // days on which a factory promised more than it could deliver
};

// Sees every day when it is over. For tests and analyses; the references are valid during the call.
// `contracts` are those that were due on the day, also the nullified ones.
class DayObserver {
 public:
  virtual ~DayObserver() = default;
  virtual void on_day(int day, std::span<const FactoryState> factories,
                      std::span<const Contract> contracts, const std::vector<double>& prices_before,
                      const std::vector<double>& prices_after) = 0;
};

class Simulation : private NegotiationParties {
 public:
  // One agent per factory. REQUIRES: rules and economy outlive the simulation. `seed` decides the
  // daily costs; the agents have their own streams.
  Simulation(const Rules& rules, const Economy& economy, std::vector<std::unique_ptr<Agent>> agents,
             std::uint64_t seed);

  // Who sees the negotiations of all further days; it outlives the game.
  void watch(NegotiationObserver* observer) { table_.watch(observer); }

  // REQUIRES day() < economy.days.
  void play_day(DayObserver* observer = nullptr);

  int day() const { return day_; }
  std::span<const FactoryState> factories() const { return states_; }
  const GameCounts& counts() const { return counts_; }
  const NegotiationTable::Tally& tally(std::size_t factory) const { return table_.tally(factory); }
  // The balance in relation to the initial one.
  double score(std::size_t factory) const;

 private:
  bool synchronous(int factory) const override;
  void act(int factory, std::span<const Talk> talks, std::span<Reply> replies) override;
  void agreed(const Contract& contract) override;

  void prepare_desks();
  void make_issues();
  void look_up_due();
  void set_terms(std::size_t factory, Desk& desk);
  double draw_cost(const DailyCost& cost);
  void open_negotiations();
  void open_between(int opener, int partner_level);
  void disappoint(int level, int most);
  void update_prices();
  void settle();
  void settle(FactoryState& state);
  void nullify_contracts_of(int factory);
  void forget(const Contract& contract);
  FactoryState& state_of(int factory) { return states_[static_cast<std::size_t>(factory)]; }
  std::vector<Contract>& due(int day) { return due_[static_cast<std::size_t>(day) % due_.size()]; }
  bool is_breach(const FactoryState& state) const;

  const Rules& rules_;
  const Economy& economy_;
  std::vector<std::unique_ptr<Agent>> agents_;
  Rng cost_rng_;
  TradingPrices prices_;
  std::vector<double> prices_before_;  // only kept for an observer
  std::vector<FactoryState> states_;
  std::vector<std::vector<int>> level_factories_;  // per level
  std::vector<Issues> issues_;                     // per product, of the day
  MarketDay market_;
  NegotiationTable table_;
  // By the day on which they are due, from today to the horizon: [day % (horizon + 1)].
  std::vector<std::vector<Contract>> due_;
  GameCounts counts_;
  int day_ = 0;
};

}  // namespace joust::worlds::scml
