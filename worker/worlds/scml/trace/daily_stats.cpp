#include "worker/worlds/scml/trace/daily_stats.hpp"

#include <algorithm>
#include <limits>

#include "worker/worlds/scml/trace/python_text.hpp"

namespace joust::worlds::scml {
namespace {

constexpr std::string_view kOfNullified[] = {
    "n_contracts_nullified_now", "n_contracts_nullified_quantity", "n_contracts_nullified_price"};
constexpr std::string_view kOfProduct[] = {"trading_price", "sold_quantity", "unit_price",
                                           "exogenous_quantity", "exogenous_unit_price"};
constexpr std::string_view kOfFactory[] = {"score",
                                           "balance",
                                           "bankrupt",
                                           "productivity",
                                           "shortfall_quantity",
                                           "shortfall_penalty",
                                           "storage_cost",
                                           "disposal_cost",
                                           "inventory_penalized",
                                           "inventory_input",
                                           "inventory_output"};
constexpr std::string_view kOfDay[] = {"n_contracts_executed",
                                       "n_contracts_erred",
                                       "n_contracts_nullified",
                                       "n_contracts_cancelled",
                                       "n_contracts_dropped",
                                       "n_breaches",
                                       "breach_level",
                                       "n_contracts_signed",
                                       "n_contracts_concluded",
                                       "n_negotiations",
                                       "activity_level",
                                       "n_registered_negotiations_before",
                                       "n_negotiation_rounds_successful",
                                       "n_negotiation_rounds_failed",
                                       "n_negotiation_successful",
                                       "n_negotiation_failed",
                                       "n_registered_negotiations_after"};

std::string header(const Cast& cast) {
  CsvRow row;
  row.plain("index");
  for (const std::string_view name : kOfNullified) row.plain(name);
  for (int product = 0; product <= cast.economy.levels; ++product) {
    for (const std::string_view name : kOfProduct) row.plain(fmt::format("{}_{}", name, product));
  }
  for (const Player& player : cast.players) {
    for (const std::string_view name : kOfFactory) {
      row.text(fmt::format("{}_{}", name, player.name));
    }
  }
  for (const std::string_view name : kOfDay) row.plain(name);
  return std::string(row.finish());
}

}  // namespace

DailyStats::DailyStats(const Cast& cast) : cast_(cast), text_(header(cast)) {}

void DailyStats::add(int day, std::span<const FactoryState> factories,
                     std::span<const double> prices, const ContractLog& contracts,
                     const NegotiationLog::Totals& negotiations) {
  const std::vector<const LoggedContract*> executed = contracts.executed_on(day);
  double activity = 0;
  for (const LoggedContract* contract : executed) activity += contract->total_price;
  const auto signed_today = static_cast<double>(contracts.all().size() - seen_);
  seen_ = contracts.all().size();
  CsvRow row;
  row.count(day).count(0).count(0).count(0);
  write_products(row, prices, executed);
  for (std::size_t i = 0; i < factories.size(); ++i) write_factory(row, i, factories[i]);
  row.integer(executed.size()).count(0).count(0).count(0).count(0);
  row.count(0).number(0).count(signed_today).count(signed_today);
  row.count(negotiations.opened).count(activity).count(0);
  row.count(negotiations.agreed_rounds).count(negotiations.failed_rounds);
  row.count(negotiations.agreed).count(negotiations.failed).count(0);
  text_ += row.finish();
}

void DailyStats::write_products(CsvRow& row, std::span<const double> prices,
                                std::span<const LoggedContract* const> executed) const {
  std::vector<Traded> products(prices.size());
  for (const LoggedContract* contract : executed) {
    Traded& traded = products[static_cast<std::size_t>(contract->product)];
    traded.quantity += contract->quantity;
    traded.price += contract->total_price;
    if (!contract->is_exogenous()) continue;
    traded.exogenous_quantity += contract->quantity;
    traded.exogenous_price += contract->total_price;
  }
  const auto average = [](double price, int quantity, double of_none) {
    return quantity > 0 ? price / quantity : of_none;
  };
  for (std::size_t product = 0; product < products.size(); ++product) {
    const Traded& traded = products[product];
    row.number(prices[product]).count(traded.quantity);
    row.number(average(traded.price, traded.quantity, std::numeric_limits<double>::quiet_NaN()));
    row.number(traded.exogenous_quantity);
    row.number(average(traded.exogenous_price, traded.exogenous_quantity, 0));
  }
}

void DailyStats::write_factory(CsvRow& row, std::size_t factory, const FactoryState& state) const {
  const DayOutcome& day = state.outcome;
  row.number(state.balance / cast_.economy.factories[factory].balance).number(state.balance);
  row.plain(python_text(state.bankrupt));
  row.number(static_cast<double>(day.produced) / state.desk.terms.lines);
  row.count(day.shortfall).number(day.shortfall_penalty).number(day.storage_cost);
  row.number(day.disposal_cost).count(day.leftover);
  row.count(state.inventory).count(state.desk.terms.inventory_out);
}

}  // namespace joust::worlds::scml
