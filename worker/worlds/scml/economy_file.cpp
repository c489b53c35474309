#include "worker/worlds/scml/economy_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/world.hpp"

namespace joust::worlds::scml {
namespace {

using Json = nlohmann::json;

// A JSON value and where it stands: "economies[1].agents[3].cost".
class Node {
 public:
  Node(const Json& json, std::string path) : json_(json), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw SetupError(fmt::format("{}: {}", path_, what));
  }

  Node field(const char* name) const {
    if (!json_.is_object()) fail(fmt::format("expected an object, found {}", shown()));
    const auto found = json_.find(name);
    if (found == json_.end()) fail(fmt::format("field '{}' is missing", name));
    return {*found, path_ + "." + name};
  }
  bool has(const char* name) const { return json_.is_object() && json_.contains(name); }

  std::size_t size() const {
    if (!json_.is_array()) fail(fmt::format("expected a list, found {}", shown()));
    return json_.size();
  }
  Node operator[](std::size_t i) const { return {json_[i], fmt::format("{}[{}]", path_, i)}; }

  double number(double low, double high) const {
    if (!json_.is_number()) fail(fmt::format("expected a number, found {}", shown()));
    const double value = json_.get<double>();
    if (!(value >= low && value <= high)) {
      fail(fmt::format("{} is outside {} to {}", shown(), low, high));
    }
    return value;
  }
  int whole(int low, int high) const {
    const double value = number(low, high);
    if (value != std::floor(value)) fail(fmt::format("expected a whole number, found {}", shown()));
    return static_cast<int>(value);
  }
  bool boolean() const {
    if (!json_.is_boolean()) fail(fmt::format("expected true or false, found {}", shown()));
    return json_.get<bool>();
  }
  std::string text() const {
    if (!json_.is_string()) fail(fmt::format("expected text, found {}", shown()));
    return json_.get<std::string>();
  }

 private:
  std::string shown() const {
    if (json_.is_array()) return "a list";  // which may be nested too deeply to be written
    if (json_.is_object()) return "an object";
    constexpr std::size_t kEnough = 40;
    std::string text = json_.dump();
    if (text.size() > kEnough) text = text.substr(0, kEnough) + "...";
    return text;
  }

  const Json& json_;
  std::string path_;
};

constexpr double kLargest = 1e15;
constexpr double kHighestPrice = 1e6;
constexpr int kMostUnits = 20'000;  // of one factory's exogenous trade on a day
constexpr int kMostLines = 1000;
constexpr int kMostDays = 100000;

DailyCost daily_cost(const Node& agent, const char* mean, const char* deviation) {
  if (!agent.has(mean)) return {};
  return {agent.field(mean).number(0, kLargest),
          agent.has(deviation) ? agent.field(deviation).number(0, kLargest) : 0};
}

Factory read_factory(const Node& agent, double balance, const Economy& so_far) {
  Factory factory;
  const Node level = agent.field("level");
  factory.level = level.whole(0, so_far.levels - 1);
  if (!so_far.factories.empty() && factory.level < so_far.factories.back().level) {
    level.fail(fmt::format("level {} comes after level {}; list the agents level by level",
                           factory.level, so_far.factories.back().level));
  }
  factory.is_default = agent.field("is_default").boolean();
  factory.type = agent.field("type").text();
  factory.lines = agent.field("n_lines").whole(1, kMostLines);
  factory.production_cost = agent.field("cost").number(0, kLargest);
  factory.balance = balance;
  factory.shortfall = daily_cost(agent, "shortfall_penalty_mean", "shortfall_penalty_dev");
  factory.disposal = daily_cost(agent, "disposal_cost_mean", "disposal_cost_dev");
  factory.storage = daily_cost(agent, "storage_cost_mean", "storage_cost_dev");
  return factory;
}

void check_levels(const Node& agents, const Economy& economy) {
  std::vector<int> counts(static_cast<std::size_t>(economy.levels), 0);
  for (const Factory& factory : economy.factories)
    ++counts[static_cast<std::size_t>(factory.level)];
  for (std::size_t level = 0; level < counts.size(); ++level) {
    if (counts[level] < 1 || counts[level] > kMaxFactoriesPerLevel) {
      agents.fail(fmt::format("level {} has {} agents; every level needs 1 to {}", level,
                              counts[level], kMaxFactoriesPerLevel));
    }
  }
}

void open_seats(const Node& agents, int seats, const std::set<std::string>& types,
                Economy& economy) {
  int open = 0;
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    Factory& factory = economy.factories[i];
    if (!factory.is_default && open < seats) {
      factory.seat = open++;
      factory.type.clear();
    } else if (!types.contains(factory.type)) {
      agents[i].field("type").fail(fmt::format("unknown agent type '{}'; known are {}",
                                               factory.type, fmt::join(types, ", ")));
    }
  }
  if (open < seats) {
    agents.fail(
        fmt::format("{} agents have is_default = false, but {} competitors play in a world; "
                    "lower competitors_per_world or mark more agents",
                    open, seats));
  }
}

// A row is product, seller, buyer, day, quantity, unit price; -1 stands for the outside world.
void read_exogenous(const Node& row, Economy& economy) {
  constexpr std::size_t kColumns = 6;
  if (row.size() != kColumns) {
    row.fail(
        fmt::format("has {} columns, expected {} (product, seller, buyer, time, quantity, "
                    "unit_price)",
                    row.size(), kColumns));
  }
  const int last = static_cast<int>(economy.factories.size()) - 1;
  const int product = row[0].whole(0, economy.levels);
  const int seller = row[1].whole(-1, last);
  const int buyer = row[2].whole(-1, last);
  const int day = row[3].whole(0, economy.days - 1);
  const int quantity = row[4].whole(0, kMostUnits);
  const double unit_price = row[5].number(-kHighestPrice, kHighestPrice);
  if ((seller < 0) == (buyer < 0)) {
    row.fail("exactly one of seller and buyer must be -1, the outside world");
  }
  const bool is_supply = seller < 0;
  const auto factory = static_cast<std::size_t>(is_supply ? buyer : seller);
  const int expected = is_supply ? 0 : economy.levels;
  const int needed_level = is_supply ? 0 : economy.levels - 1;
  if (product != expected || economy.factories[factory].level != needed_level) {
    row.fail(
        fmt::format("only agents of the first level buy product 0 from the outside world, and only "
                    "those of the last sell it product {}; this row is about product {} and agent "
                    "{} of level {}",
                    economy.levels, product, factory, economy.factories[factory].level));
  }
  ExogenousTrade& trade = (is_supply ? economy.supplies : economy.sales)[economy.at(day, factory)];
  if (trade.quantity + quantity > kMostUnits) {
    row.fail(fmt::format("agent {} would trade more than {} units with the outside world on day {}",
                         factory, kMostUnits, day));
  }
  trade.quantity += quantity;
  trade.total_price += quantity * unit_price;
}

Economy read_economy(const Node& node, const IntegerRange& levels, int seats,
                     const std::set<std::string>& types) {
  Economy economy;
  economy.days = node.field("n_steps").whole(1, kMostDays);
  const Node prices = node.field("catalog_prices");
  economy.levels = static_cast<int>(prices.size()) - 1;
  if (economy.levels < levels.low || economy.levels > levels.high) {
    prices.fail(levels.low == levels.high
                    ? fmt::format("has {} prices, expected one for each of {} products",
                                  prices.size(), levels.low + 1)
                    : fmt::format("has {} prices, expected one for each of {} to {} products",
                                  prices.size(), levels.low + 1, levels.high + 1));
  }
  for (std::size_t i = 0; i < prices.size(); ++i) {
    economy.catalog_prices.push_back(prices[i].number(0, kHighestPrice));
  }
  const Node agents = node.field("agents");
  const Node balances = node.field("initial_balance");
  if (balances.size() != agents.size()) {
    balances.fail(fmt::format("has {} balances for {} agents", balances.size(), agents.size()));
  }
  constexpr double kSmallestBalance = 1e-6;  // the score divides by it
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const double balance = balances[i].number(kSmallestBalance, kLargest);
    economy.factories.push_back(read_factory(agents[i], balance, economy));
  }
  check_levels(agents, economy);
  open_seats(agents, seats, types, economy);
  const std::size_t cells = static_cast<std::size_t>(economy.days) * economy.factories.size();
  economy.supplies.assign(cells, {});
  economy.sales.assign(cells, {});
  const Node rows = node.field("exogenous_contracts");
  for (std::size_t i = 0; i < rows.size(); ++i) read_exogenous(rows[i], economy);
  return economy;
}

}  // namespace

std::vector<Economy> read_economies(std::string_view json, const IntegerRange& levels, int seats,
                                    const std::set<std::string>& types) {
  Json document;
  try {
    document = Json::parse(json);
  } catch (const Json::parse_error& error) {
    throw SetupError(fmt::format("economies: not JSON: {}", error.what()));
  }
  const Node list(document, "economies");
  if (list.size() == 0) list.fail("the list is empty; give at least one economy");
  std::vector<Economy> economies;
  for (std::size_t i = 0; i < list.size(); ++i) {
    economies.push_back(read_economy(list[i], levels, seats, types));
  }
  return economies;
}

}  // namespace joust::worlds::scml
