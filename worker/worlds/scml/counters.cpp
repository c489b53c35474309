#include "worker/worlds/scml/counters.hpp"

#include <algorithm>

namespace joust::worlds::scml {
namespace {

// Of one agent, or of several together.
struct Numbers {
  std::uint64_t initiated = 0;
  std::uint64_t took_part = 0;
  std::uint64_t agreed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t contracts = 0;
  std::uint64_t nullified = 0;
};

std::vector<Counter> named(const Numbers& n, const std::string& prefix) {
  const auto counter = [&prefix](const char* name, std::uint64_t value) {
    return Counter{prefix + name, static_cast<double>(value)};
  };
  return {
      counter("neg_requests_sent", n.initiated),
      counter("neg_requests_received", n.took_part),
      counter("neg_requests_rejected", 0),
      counter("negs_registered", n.took_part),
      counter("negs_succeeded", n.agreed),
      counter("negs_failed", n.took_part - n.agreed),
      counter("negs_timedout", n.timed_out),
      counter("negs_initiated", n.initiated),
      counter("contracts_concluded", n.contracts),
      counter("contracts_signed", n.contracts),
      counter("contracts_dropped", 0),
      counter("breaches_received", 0),
      counter("breaches_committed", 0),
      counter("contracts_erred", 0),
      counter("contracts_nullified", n.nullified),
      counter("contracts_breached", 0),
      counter("contracts_executed", n.contracts - n.nullified),
  };
}

}  // namespace

std::vector<Counter> game_counters(const Economy& economy, const Simulation& game) {
  const GameCounts& counts = game.counts();
  const auto factories = game.factories();
  const auto bankrupt = std::count_if(factories.begin(), factories.end(),
                                      [](const FactoryState& state) { return state.bankrupt; });
  std::vector<Counter> counters = {
      {"n_steps", static_cast<double>(economy.days)},
      {"n_factories", static_cast<double>(economy.factories.size())},
      {"n_contracts_exogenous", static_cast<double>(counts.exogenous_contracts)},
      {"n_breaches", static_cast<double>(counts.breaches)},
      {"n_bankrupt", static_cast<double>(bankrupt)},
      {"n_agent_exceptions", 0},  // one ends the world, or is that seat's forfeit
      {"n_negotiator_exceptions", 0},
  };
  std::vector<Counter> known = named({.initiated = counts.negotiations,
                                      .took_part = 2 * counts.negotiations,
                                      .agreed = 2 * counts.agreed,
                                      .timed_out = 2 * counts.timed_out,
                                      .contracts = 2 * (counts.agreed + counts.exogenous_contracts),
                                      .nullified = 2 * counts.nullified_contracts},
                                     "n_");
  std::move(known.begin(), known.end(), std::back_inserter(counters));
  return counters;
}

std::vector<Counter> factory_counters(const Simulation& game, std::size_t factory) {
  const NegotiationTable::Tally& tally = game.tally(factory);
  return named({.initiated = tally.opened,
                .took_part = tally.took_part,
                .agreed = tally.agreed,
                .timed_out = tally.timed_out,
                .contracts = tally.agreed + game.factories()[factory].exogenous_contracts,
                .nullified = game.factories()[factory].nullified_contracts},
               "");
}

}  // namespace joust::worlds::scml
