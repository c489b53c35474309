#pragma once
// An economy: everything about a world that is fixed before the first day. It is shared by all
// worlds of one configuration. Plain data; immutable once made, so safe to share.
//
// Level k turns one unit of product k into one unit of product k+1. Factories are numbered level by
// level. Money has no unit; quantities are whole units; a day is one simulation step.

#include <cstddef>
#include <string>
#include <vector>

namespace joust::worlds::scml {

// A cost that is drawn anew each day as |Normal(mean, deviation)|.
struct DailyCost {
  double mean = 0;
  double deviation = 0;
};

struct Factory {
  int level = 0;
  int seat = -1;           // the open seat that a competitor takes, or -1: played by `type`
  bool is_default = true;  // false for fillers that a file lists as competitors
  std::string type;        // agent type of a filler; empty for an open seat
  int lines = 10;          // units that it can produce a day
  double production_cost = 0;
  double balance = 0;  // at the start; the denominator of the score
  DailyCost disposal;
  DailyCost storage;
  DailyCost shortfall;
};

// What the outside world sells to or buys from one factory on one day.
struct ExogenousTrade {
  int quantity = 0;
  double total_price = 0;
};

struct Economy {
  int days = 0;
  int levels = 0;
  std::vector<double> catalog_prices;    // one per product: levels + 1
  std::vector<Factory> factories;        // ascending level
  std::vector<ExogenousTrade> supplies;  // [day * factories + factory]; first level only
  std::vector<ExogenousTrade> sales;     // [day * factories + factory]; last level only

  std::size_t at(int day, std::size_t factory) const {
    return static_cast<std::size_t>(day) * factories.size() + factory;
  }
};

inline constexpr int kMostLevels = 4;

// More would make the search over all subsets of a factory's partners too slow.
inline constexpr int kMaxFactoriesPerLevel = 16;

// The catalog price of product 0; those of the others follow from costs and profits.
inline constexpr double kRawMaterialPrice = 10;

}  // namespace joust::worlds::scml
