#pragma once
// All contracts of a game, and what became of each: negotiated ones and those with the outside
// world.
//
// A contract is executed on its day of delivery. When one of its factories is bankrupt by the end
// of an earlier day, it is null and void from that day on.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "worker/worlds/scml/simulation.hpp"
#include "worker/worlds/scml/trace/cast.hpp"

namespace joust::worlds::scml {

struct LoggedContract {
  int seller = kOutside;  // factory, or the outside world
  int buyer = kOutside;
  int product = 0;
  int quantity = 0;
  double total_price = 0;
  int signed_on = 0;  // day, as the others; -1: never
  int delivery = 0;
  int executed = -1;
  int nullified = -1;
  // Of a negotiated one; -1: it is exogenous.
  int negotiation = -1;  // its number on the day of the signature
  int rounds = 0;
  bool seller_opened = false;
  Issues issues = {};

  bool is_exogenous() const { return negotiation < 0; }
  double unit_price() const { return total_price / quantity; }
};

class ContractLog {
 public:
  // `cast` outlives the log.
  explicit ContractLog(const Cast& cast);

  void add(LoggedContract contract);

  // At the end of a day: the exogenous contracts of the day become known, what is due is executed.
  void end_day(int day, std::span<const FactoryState> factories);

  const std::vector<LoggedContract>& all() const { return contracts_; }
  // Those that were due on that day and executed.
  std::vector<const LoggedContract*> executed_on(int day) const;

  // contracts.csv, by day of delivery.
  std::string csv() const;

 private:
  void add_exogenous(int day);
  void nullify(int day, int factory);

  const Cast& cast_;
  std::vector<LoggedContract> contracts_;        // by day of signature
  std::map<int, std::vector<std::size_t>> due_;  // by day of delivery
  std::vector<bool> bankrupt_;                   // per factory
};

}  // namespace joust::worlds::scml
