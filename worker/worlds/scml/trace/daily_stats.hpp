#pragma once
// stats.csv: a row for each day of a game, with what the reference counts at the end of a day.

#include <span>
#include <string>
#include <vector>

#include "common/csv.hpp"
#include "worker/worlds/scml/simulation.hpp"
#include "worker/worlds/scml/trace/cast.hpp"
#include "worker/worlds/scml/trace/contract_log.hpp"
#include "worker/worlds/scml/trace/negotiation_log.hpp"

namespace joust::worlds::scml {

class DailyStats {
 public:
  // `cast` outlives this.
  explicit DailyStats(const Cast& cast);

  // The end of a day, of which the logs know everything. `prices`: after it.
  void add(int day, std::span<const FactoryState> factories, std::span<const double> prices,
           const ContractLog& contracts, const NegotiationLog::Totals& negotiations);

  const std::string& csv() const { return text_; }

 private:
  // What was traded of one product.
  struct Traded {
    int quantity = 0;
    double price = 0;
    int exogenous_quantity = 0;
    double exogenous_price = 0;
  };

  void write_products(CsvRow& row, std::span<const double> prices,
                      std::span<const LoggedContract* const> executed) const;
  void write_factory(CsvRow& row, std::size_t factory, const FactoryState& state) const;

  const Cast& cast_;
  std::size_t seen_ = 0;  // contracts of earlier days
  std::string text_;
};

}  // namespace joust::worlds::scml
