#include "worker/worlds/scml/trace/game_trace.hpp"

namespace joust::worlds::scml {
namespace {

constexpr const char* kContracts = "contracts.csv";
constexpr const char* kNegotiations = "negotiations.csv";
constexpr const char* kStats = "stats.csv";

}  // namespace

std::vector<std::string> trace_tables() { return {kContracts, kNegotiations, kStats}; }

GameTrace::GameTrace(int rounds, Cast cast)
    : cast_(std::move(cast)),
      contracts_(cast_),
      negotiations_(cast_, rounds),
      stats_(cast_),
      courses_(cast_.players.size()),
      prices_(cast_.economy.catalog_prices) {}

void GameTrace::on_open(int number, const Opening& opening) { negotiations_.open(number, opening); }

void GameTrace::on_proposal(int number, int factory, const Offer& offer) {
  negotiations_.propose(number, factory, offer);
}

void GameTrace::on_refused(int number, int, const Offer& offer) {
  negotiations_.refuse(number, offer);
}

void GameTrace::on_end(int number, End end, int rounds, int factory) {
  negotiations_.end(day_, number, end, rounds, factory);
  if (end != End::agreed) return;
  const NegotiationLog::Negotiation& negotiation = negotiations_.negotiation(number);
  const Offer& offer = negotiation.last_offer();
  LoggedContract contract;
  contract.seller = negotiation.seller();
  contract.buyer = negotiation.buyer();
  contract.product = negotiation.opening.product;
  contract.quantity = offer.quantity;
  contract.total_price = static_cast<double>(offer.quantity) * offer.unit_price;
  contract.signed_on = day_;
  contract.delivery = offer.day;
  contract.negotiation = number;
  contract.rounds = rounds;
  contract.seller_opened = !negotiation.opening.opener_buys;
  contract.issues = negotiation.opening.issues;
  contracts_.add(contract);
}

void GameTrace::on_day(int day, std::span<const FactoryState> factories, std::span<const Contract>,
                       const std::vector<double>&, const std::vector<double>& prices_after) {
  contracts_.end_day(day, factories);
  stats_.add(day, factories, prices_after, contracts_, negotiations_.totals());
  negotiations_.end_day();
  for (std::size_t i = 0; i < factories.size(); ++i) {
    const DayOutcome& outcome = factories[i].outcome;
    Course& course = courses_[i];
    course.balance = factories[i].balance;
    course.bankrupt = factories[i].bankrupt;
    course.bought += outcome.total_input - factories[i].desk.terms.inventory_in;
    course.promised += outcome.total_output;
    course.produced += outcome.produced;
    if (outcome.shortfall > 0) ++course.days_short;
  }
  prices_ = prices_after;
  day_ = day + 1;
}

void GameTrace::tell(WorldTrace& trace) const {
  trace.table(kContracts, contracts_.csv());
  trace.table(kNegotiations, negotiations_.csv());
  trace.table(kStats, stats_.csv());
  trace.summary(factories());
  trace.summary(products());
}

SummaryTable GameTrace::factories() const {
  std::vector<std::int64_t> contracts(courses_.size(), 0);
  for (const LoggedContract& contract : contracts_.all()) {
    for (const int factory : {contract.seller, contract.buyer}) {
      if (factory != kOutside) ++contracts[static_cast<std::size_t>(factory)];
    }
  }
  SummaryTable table = {"factories",
                        {"level", "agent", "type", "seat", "score", "contracts", "bought",
                         "promised", "produced", "days_short", "bankrupt"},
                        {}};
  const auto whole = [](int number) { return static_cast<std::int64_t>(number); };
  for (std::size_t i = 0; i < courses_.size(); ++i) {
    const Player& player = cast_.players[i];
    const Factory& factory = cast_.economy.factories[i];
    const Course& course = courses_[i];
    SummaryTable::Cell seat;
    if (factory.seat >= 0) seat = whole(factory.seat);
    table.rows.push_back({whole(factory.level), player.name, player.type, seat,
                          course.balance / factory.balance, contracts[i], whole(course.bought),
                          whole(course.promised), whole(course.produced), whole(course.days_short),
                          course.bankrupt});
  }
  return table;
}

SummaryTable GameTrace::products() const {
  std::vector<std::int64_t> quantities(prices_.size(), 0);
  for (const LoggedContract& contract : contracts_.all()) {
    if (contract.executed < 0) continue;
    quantities[static_cast<std::size_t>(contract.product)] += contract.quantity;
  }
  SummaryTable table = {
      "products", {"product", "catalog_price", "last_trading_price", "quantity"}, {}};
  for (std::size_t product = 0; product < prices_.size(); ++product) {
    table.rows.push_back({static_cast<std::int64_t>(product), cast_.economy.catalog_prices[product],
                          prices_[product], quantities[product]});
  }
  return table;
}

}  // namespace joust::worlds::scml
