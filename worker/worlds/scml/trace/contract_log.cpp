#include "worker/worlds/scml/trace/contract_log.hpp"

#include <algorithm>

#include "common/csv.hpp"
#include "worker/worlds/scml/trace/python_text.hpp"

namespace joust::worlds::scml {
namespace {

constexpr std::string_view kSeller = "SELLER";
constexpr std::string_view kBuyer = "BUYER";
constexpr std::string_view kOutsideType = "System";

std::string python_issues(const LoggedContract& contract) {
  if (contract.is_exogenous()) return "()";
  const Issues& issues = contract.issues;
  const auto issue = [](std::string_view name, const Issue& range) {
    return fmt::format("ContiguousIssue(({}, {}), {})", range.low, range.high, name);
  };
  return fmt::format("({}, {}, {})", issue("quantity", issues.quantity), issue("time", issues.day),
                     issue("unit_price", issues.unit_price));
}

class Writer {
 public:
  explicit Writer(const Cast& cast) : cast_(cast) {
    text_ = csv_line({"index",         "id",           "seller_name",   "buyer_name",
                      "seller_type",   "buyer_type",   "delivery_time", "quantity",
                      "unit_price",    "signed_at",    "nullified_at",  "concluded_at",
                      "signatures",    "issues",       "seller",        "buyer",
                      "partners",      "product_name", "n_neg_steps",   "negotiation_id",
                      "executed_at",   "breaches",     "erred_at",      "dropped_at",
                      "product_index", "breached",     "executed",      "erred",
                      "nullified"});
  }

  void add(std::size_t index, int number, const LoggedContract& contract) {
    const std::string_view seller = name(contract.seller, kSeller);
    const std::string_view buyer = name(contract.buyer, kBuyer);
    CsvRow row;
    row.integer(index).text(trace_id(cast_.task, contract.signed_on, 'c', number));
    row.text(seller).text(buyer).text(type(contract.seller)).text(type(contract.buyer));
    row.count(contract.delivery).count(contract.quantity).count(contract.unit_price());
    row.count(contract.signed_on).count(contract.nullified);
    row.count(contract.is_exogenous() ? -1 : contract.signed_on);
    add_partners(row, contract, seller, buyer);
    row.text(fmt::format("p{}", contract.product)).count(contract.rounds);
    if (contract.is_exogenous()) {
      row.empty();
    } else {
      row.text(trace_id(cast_.task, contract.signed_on, 'n', contract.negotiation));
    }
    row.count(contract.executed).empty().count(-1).count(-1).count(contract.product);
    row.plain(python_text(false)).plain(python_text(contract.executed >= 0));
    row.plain(python_text(false)).plain(python_text(contract.nullified >= 0));
    text_ += row.finish();
  }

  std::string finish() { return std::move(text_); }

 private:
  std::string_view name(int factory, std::string_view outside) const {
    if (factory == kOutside) return outside;
    return cast_.players[static_cast<std::size_t>(factory)].name;
  }
  std::string_view type(int factory) const {
    if (factory == kOutside) return kOutsideType;
    return cast_.players[static_cast<std::size_t>(factory)].type;
  }

  // The one that opened the negotiation first; of the outside world's, the buyer.
  static void add_partners(CsvRow& row, const LoggedContract& contract, std::string_view seller,
                           std::string_view buyer) {
    const std::string_view first = contract.seller_opened ? seller : buyer;
    const std::string_view second = contract.seller_opened ? buyer : seller;
    row.text(fmt::format("{}|{}", first, second)).text(python_issues(contract));
    row.text(seller).text(buyer).text(python_tuple({first, second}));
  }

  const Cast& cast_;
  std::string text_;
};

}  // namespace

ContractLog::ContractLog(const Cast& cast)
    : cast_(cast), bankrupt_(cast.economy.factories.size(), false) {}

void ContractLog::add(LoggedContract contract) {
  due_[contract.delivery].push_back(contracts_.size());
  contracts_.push_back(contract);
}

void ContractLog::end_day(int day, std::span<const FactoryState> factories) {
  add_exogenous(day);
  for (const std::size_t i : due_[day]) {
    LoggedContract& contract = contracts_[i];
    if (contract.nullified < 0) contract.executed = day;
  }
  for (std::size_t i = 0; i < factories.size(); ++i) {
    if (factories[i].bankrupt && !bankrupt_[i]) nullify(day, static_cast<int>(i));
    bankrupt_[i] = factories[i].bankrupt;
  }
}

std::vector<const LoggedContract*> ContractLog::executed_on(int day) const {
  std::vector<const LoggedContract*> executed;
  const auto due = due_.find(day);
  if (due == due_.end()) return executed;
  for (const std::size_t i : due->second) {
    if (contracts_[i].executed == day) executed.push_back(&contracts_[i]);
  }
  return executed;
}

std::string ContractLog::csv() const {
  std::vector<int> numbers;  // within the day of the signature
  numbers.reserve(contracts_.size());
  for (std::size_t i = 0; i < contracts_.size(); ++i) {
    const bool same_day = i > 0 && contracts_[i].signed_on == contracts_[i - 1].signed_on;
    numbers.push_back(same_day ? numbers.back() + 1 : 0);
  }
  Writer writer(cast_);
  for (const auto& [day, due] : due_) {
    for (const std::size_t i : due) writer.add(i, numbers[i], contracts_[i]);
  }
  return writer.finish();
}

void ContractLog::add_exogenous(int day) {
  const Economy& economy = cast_.economy;
  const auto add_trade = [&](const ExogenousTrade& trade, int seller, int buyer, int product) {
    if (trade.quantity == 0) return;
    LoggedContract contract;
    contract.seller = seller;
    contract.buyer = buyer;
    contract.product = product;
    contract.quantity = trade.quantity;
    contract.total_price = trade.total_price;
    contract.signed_on = contract.delivery = day;
    add(contract);
  };
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    const int factory = static_cast<int>(i);
    add_trade(economy.supplies[economy.at(day, i)], kOutside, factory, 0);
    add_trade(economy.sales[economy.at(day, i)], factory, kOutside, economy.levels);
  }
}

void ContractLog::nullify(int day, int factory) {
  for (auto due = due_.upper_bound(day); due != due_.end(); ++due) {
    for (const std::size_t i : due->second) {
      LoggedContract& contract = contracts_[i];
      const bool takes_part = contract.seller == factory || contract.buyer == factory;
      if (takes_part && contract.nullified < 0) contract.nullified = day;
    }
  }
}

}  // namespace joust::worlds::scml
