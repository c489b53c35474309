#include "worker/worlds/scml/simulation.hpp"

#include <algorithm>
#include <cmath>

#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

constexpr std::uint64_t kDailyCostStream = 1;

Desk new_desk(const Rules& rules, const Economy& economy, std::size_t index) {
  const Factory& factory = economy.factories[index];
  Desk desk;
  desk.factory = static_cast<int>(index);
  desk.level = factory.level;
  desk.levels = economy.levels;
  desk.days = economy.days;
  desk.rounds = rules.rounds;
  desk.perishable = rules.perishable;
  desk.terms.lines = factory.lines;
  desk.terms.production_cost = factory.production_cost;
  desk.terms.own_price_scale = rules.penalty_scale == PenaltyScale::unit;
  desk.future_supplies.assign(static_cast<std::size_t>(rules.horizon), 0);
  desk.future_sales = desk.future_supplies;
  return desk;
}

Trade trade_of(const Contract& contract, bool selling) {
  const Offer& terms = contract.terms;
  return {terms.quantity, terms.day, static_cast<double>(terms.unit_price), selling};
}

}  // namespace

Simulation::Simulation(const Rules& rules, const Economy& economy,
                       std::vector<std::unique_ptr<Agent>> agents, std::uint64_t seed)
    : rules_(rules),
      economy_(economy),
      agents_(std::move(agents)),
      cost_rng_(make_rng(seed, kDailyCostStream)),
      prices_(economy.catalog_prices, rules.catalog_quantities, rules.trading_price_discount),
      level_factories_(static_cast<std::size_t>(economy.levels)),
      issues_(static_cast<std::size_t>(economy.levels) + 1),
      table_(static_cast<int>(economy.factories.size()), rules.rounds),
      due_(static_cast<std::size_t>(rules.horizon) + 1) {
  market_ = {.day = 0, .days = economy.days, .most_lines = 0};
  for (const Factory& factory : economy.factories) {
    market_.most_lines = std::max(market_.most_lines, factory.lines);
  }
  states_.resize(economy.factories.size());
  for (std::size_t i = 0; i < states_.size(); ++i) {
    states_[i].balance = economy.factories[i].balance;
    states_[i].desk = new_desk(rules, economy, i);
    level_factories_[static_cast<std::size_t>(economy.factories[i].level)].push_back(
        static_cast<int>(i));
  }
  for (FactoryState& state : states_) {
    const auto& level = level_factories_[static_cast<std::size_t>(state.desk.level)];
    state.desk.competitors = static_cast<int>(level.size()) - 1;
  }
}

void Simulation::play_day(DayObserver* observer) {
  if (observer != nullptr) prices_before_ = prices_.all();
  prepare_desks();
  open_negotiations();
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    if (!states_[i].bankrupt) agents_[i]->begin_day(states_[i].desk);
  }
  table_.run(rules_.passes, *this);
  update_prices();
  settle();
  const NegotiationTable::Counts& today = table_.counts();
  counts_.negotiations += static_cast<std::uint64_t>(today.opened);
  counts_.agreed += static_cast<std::uint64_t>(today.agreed);
  counts_.timed_out += static_cast<std::uint64_t>(today.timed_out);
  if (observer != nullptr) {
    observer->on_day(day_, states_, due(day_), prices_before_, prices_.all());
  }
  due(day_).clear();
  ++day_;
}

double Simulation::score(std::size_t factory) const {
  const double initial = economy_.factories[factory].balance;
  return states_[factory].balance / initial;
}

// Nobody negotiates over the raw material; agents of the first level see its issues all the same.
// The reference sets those on the first day and never again.
void Simulation::make_issues() {
  market_.day = day_;
  for (std::size_t product = 0; product < issues_.size(); ++product) {
    if (product == 0 && day_ > 0 && rules_.reference_quirks) continue;
    const int p = static_cast<int>(product);
    const double input_price = product == 0 ? 0 : prices_[p - 1];
    issues_[product] = market_issues(rules_, market_, prices_[p], input_price);
  }
}

// What was agreed on for today on earlier days.
void Simulation::look_up_due() {
  const auto take_first = [](std::vector<int>& ahead) {
    if (ahead.empty()) return 0;
    const int first = ahead.front();
    ahead.erase(ahead.begin());
    ahead.push_back(0);
    return first;
  };
  for (FactoryState& state : states_) {
    state.desk.supplies = take_first(state.desk.future_supplies);
    state.desk.sales = take_first(state.desk.future_sales);
    state.trades.clear();
  }
  for (const Contract& contract : due(day_)) {
    if (contract.nullified) continue;
    state_of(contract.buyer).trades.push_back(trade_of(contract, false));
    state_of(contract.seller).trades.push_back(trade_of(contract, true));
  }
}

void Simulation::prepare_desks() {
  make_issues();
  if (day_ > 0) look_up_due();
  int raw_supply = 0;
  int final_demand = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    raw_supply += economy_.supplies[economy_.at(day_, i)].quantity;
    final_demand += economy_.sales[economy_.at(day_, i)].quantity;
  }
  for (std::size_t i = 0; i < states_.size(); ++i) {
    Desk& desk = states_[i].desk;
    const auto level = static_cast<std::size_t>(desk.level);
    desk.raw_supply = raw_supply;
    desk.final_demand = final_demand;
    desk.suppliers = desk.consumers = 0;
    desk.input_issues = issues_[level];
    desk.output_issues = issues_[level + 1];
    set_terms(i, desk);
  }
}

void Simulation::set_terms(std::size_t factory, Desk& desk) {
  const Factory& profile = economy_.factories[factory];
  const ExogenousTrade& in = economy_.supplies[economy_.at(day_, factory)];
  const ExogenousTrade& out = economy_.sales[economy_.at(day_, factory)];
  UtilityTerms& terms = desk.terms;
  terms.day = day_;
  terms.balance = states_[factory].balance;
  terms.disposal_cost = draw_cost(profile.disposal);
  terms.storage_cost = draw_cost(profile.storage);
  terms.shortfall_penalty = draw_cost(profile.shortfall);
  terms.input_price = prices_[desk.level];
  terms.output_price = prices_[desk.level + 1];
  terms.exogenous_in = in.quantity;
  terms.exogenous_in_price = in.total_price;
  terms.exogenous_out = out.quantity;
  terms.exogenous_out_price = out.total_price;
  terms.inventory_in = states_[factory].inventory;
  const auto contracts =
      std::uint64_t{in.quantity > 0 ? 1U : 0U} + std::uint64_t{out.quantity > 0 ? 1U : 0U};
  states_[factory].exogenous_contracts += contracts;
  counts_.exogenous_contracts += contracts;
}

double Simulation::draw_cost(const DailyCost& cost) {
  if (cost.deviation == 0) return std::abs(cost.mean);
  return std::abs(cost.mean + cost.deviation * draw_normal(cost_rng_));
}

// Every second level, from the last one on, opens negotiations with its suppliers and its
// consumers, so that every adjacent pair meets once and opens from the same side of it.
void Simulation::open_negotiations() {
  table_.clear();
  for (int level = economy_.levels - 1; level >= 0; level -= 2) {
    for (const int opener : level_factories_[static_cast<std::size_t>(level)]) {
      open_between(opener, level - 1);
      const int suppliers = state_of(opener).desk.suppliers;
      if (rules_.reference_quirks && suppliers > 0) {
        disappoint(level + 1, suppliers);
      } else {
        open_between(opener, level + 1);
      }
    }
  }
  due(day_).reserve(due(day_).size() + static_cast<std::size_t>(table_.counts().opened));
  for (FactoryState& state : states_) {
    state.trades.reserve(state.trades.size() + static_cast<std::size_t>(state.desk.suppliers) +
                         static_cast<std::size_t>(state.desk.consumers));
  }
}

// The reference takes the negotiators that it made for the suppliers for the consumers, too. They
// are not free, so that none of these negotiations comes about, but the consumers expect them.
void Simulation::disappoint(int level, int most) {
  if (level >= economy_.levels) return;
  for (const int factory : level_factories_[static_cast<std::size_t>(level)]) {
    if (state_of(factory).bankrupt) continue;
    if (most-- <= 0) return;
    table_.expect_in_vain(factory);
  }
}

void Simulation::open_between(int opener, int partner_level) {
  if (partner_level < 0 || partner_level >= economy_.levels) return;
  FactoryState& state = state_of(opener);
  if (state.bankrupt) return;
  const bool buys = partner_level < state.desk.level;
  const int product = buys ? state.desk.level : state.desk.level + 1;
  for (const int partner : level_factories_[static_cast<std::size_t>(partner_level)]) {
    FactoryState& other = state_of(partner);
    if (other.bankrupt) continue;
    table_.open(opener, partner, buys, product, issues_[static_cast<std::size_t>(product)]);
    ++(buys ? state.desk.suppliers : state.desk.consumers);
    ++(buys ? other.desk.consumers : other.desk.suppliers);
  }
}

bool Simulation::synchronous(int factory) const {
  return agents_[static_cast<std::size_t>(factory)]->synchronous();
}

void Simulation::act(int factory, std::span<const Talk> talks, std::span<Reply> replies) {
  const auto i = static_cast<std::size_t>(factory);
  agents_[i]->act(states_[i].desk, talks, replies);
}

void Simulation::agreed(const Contract& contract) {
  const Offer& terms = contract.terms;
  due(terms.day).push_back(contract);
  const auto note = [&](int factory, int partner, bool selling) {
    const auto i = static_cast<std::size_t>(factory);
    FactoryState& state = states_[i];
    if (terms.day == day_) {
      (selling ? state.desk.sales : state.desk.supplies) += terms.quantity;
      state.trades.push_back(trade_of(contract, selling));
    } else {
      auto& ahead = selling ? state.desk.future_sales : state.desk.future_supplies;
      ahead[static_cast<std::size_t>(terms.day - day_) - 1] += terms.quantity;
    }
    agents_[i]->on_agreement(state.desk, partner, selling, terms);
  };
  note(contract.buyer, contract.seller, false);
  note(contract.seller, contract.buyer, true);
}

void Simulation::update_prices() {
  for (int product = 0; product <= economy_.levels; ++product) {
    int quantity = 0;
    double total_price = 0;
    for (const Contract& contract : due(day_)) {
      if (contract.product != product || contract.nullified) continue;
      quantity += contract.terms.quantity;
      total_price += static_cast<double>(contract.terms.quantity) * contract.terms.unit_price;
    }
    for (const FactoryState& state : states_) {
      if (product == 0) {
        quantity += state.desk.terms.exogenous_in;
        total_price += state.desk.terms.exogenous_in_price;
      }
      if (product == economy_.levels) {
        quantity += state.desk.terms.exogenous_out;
        total_price += state.desk.terms.exogenous_out_price;
      }
    }
    prices_.update(product, quantity, total_price);
  }
}

void Simulation::settle() {
  for (FactoryState& state : states_) settle(state);
}

void Simulation::settle(FactoryState& state) {
  const UtilityTerms& terms = state.desk.terms;
  state.outcome = day_outcome(terms, state.trades);
  state.balance += state.outcome.utility;
  if (!rules_.perishable) {
    const int bought = state.outcome.total_input - terms.inventory_in;
    // The reference adds what of the day's purchases is more than was used, but never takes
    // anything out: what a factory uses of its inventory is there again on the next day.
    state.inventory = rules_.reference_quirks
                          ? terms.inventory_in + std::max(0, bought - state.outcome.produced)
                          : state.outcome.leftover;
  }
  if (is_breach(state)) ++counts_.breaches;
  if (state.balance < rules_.bankruptcy_limit && !state.bankrupt) {
    state.bankrupt = true;
    nullify_contracts_of(state.desk.factory);
  }
}

// Those for later days; what is due today has been executed.
void Simulation::nullify_contracts_of(int factory) {
  const int last = std::min(day_ + rules_.horizon, economy_.days - 1);
  for (int day = day_ + 1; day <= last; ++day) {
    for (Contract& contract : due(day)) {
      if (contract.nullified || (contract.buyer != factory && contract.seller != factory)) continue;
      contract.nullified = true;
      ++counts_.nullified_contracts;
      for (const int party : {contract.buyer, contract.seller}) {
        ++state_of(party).nullified_contracts;
      }
      // In the reference both parties go on reckoning with it.
      if (!rules_.reference_quirks) forget(contract);
    }
  }
}

void Simulation::forget(const Contract& contract) {
  const auto ahead = static_cast<std::size_t>(contract.terms.day - day_) - 1;
  state_of(contract.buyer).desk.future_supplies[ahead] -= contract.terms.quantity;
  state_of(contract.seller).desk.future_sales[ahead] -= contract.terms.quantity;
}

// The reference counts exogenous quantities twice here: they are among the executed contracts
// already.
bool Simulation::is_breach(const FactoryState& state) const {
  const UtilityTerms& terms = state.desk.terms;
  const int once_more = rules_.reference_quirks ? 1 : 0;
  const int in = state.outcome.total_input + once_more * terms.exogenous_in;
  const int out = state.outcome.total_output + once_more * terms.exogenous_out;
  return std::min(in, terms.lines) < out;
}

}  // namespace joust::worlds::scml
