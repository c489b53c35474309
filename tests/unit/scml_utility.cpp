// What a day is worth: against vectors computed by the game's reference implementation.

#include "worker/worlds/scml/utility.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace {

using joust::worlds::scml::day_outcome;
using joust::worlds::scml::DayOutcome;
using joust::worlds::scml::Trade;
using joust::worlds::scml::UtilityTerms;

constexpr double kTolerance = 1e-9;
constexpr int kDay = 5;

bool near(double a, double b) { return std::abs(a - b) <= kTolerance; }

UtilityTerms terms_of(const nlohmann::json& vector) {
  UtilityTerms terms;
  terms.day = vector["step"];
  terms.lines = vector["n_lines"];
  terms.balance = vector["balance"];
  terms.production_cost = vector["production_cost"];
  terms.disposal_cost = vector["disposal_cost"];
  terms.storage_cost = vector["storage_cost"];
  terms.shortfall_penalty = vector["shortfall_penalty"];
  terms.input_price = vector["input_price_scale"];
  terms.output_price = vector["output_price_scale"];
  terms.exogenous_in = vector["exogenous_in"]["quantity"];
  terms.exogenous_in_price = vector["exogenous_in"]["total_price"];
  terms.exogenous_out = vector["exogenous_out"]["quantity"];
  terms.exogenous_out_price = vector["exogenous_out"]["total_price"];
  terms.inventory_in = vector["inventory_in"];
  return terms;
}

std::vector<Trade> trades_of(const nlohmann::json& vector) {
  std::vector<Trade> trades;
  for (const auto& contract : vector["contracts"]) {
    trades.push_back(
        {contract["quantity"], contract["time"], contract["unit_price"], contract["is_output"]});
  }
  return trades;
}

UtilityTerms first_level() {
  UtilityTerms terms;
  terms.day = kDay;
  terms.balance = 1000;
  terms.production_cost = 2;
  terms.disposal_cost = 0.1;
  terms.shortfall_penalty = 0.6;
  terms.input_price = 10;
  terms.output_price = 14;
  terms.exogenous_in = 8;
  terms.exogenous_in_price = 80;
  return terms;
}

UtilityTerms last_level() {
  UtilityTerms terms = first_level();
  terms.production_cost = 4;
  terms.input_price = 14;
  terms.output_price = 22;
  terms.exogenous_in = 0;
  terms.exogenous_in_price = 0;
  terms.exogenous_out = 7;
  terms.exogenous_out_price = 168;
  return terms;
}

struct Case {
  std::string name;
  UtilityTerms terms;
  std::vector<Trade> trades;
  DayOutcome expected;
};

Case make_case(std::string name, UtilityTerms terms, std::vector<Trade> trades, double utility,
               int produced, int shortfall, int leftover) {
  DayOutcome expected;
  expected.utility = utility;
  expected.produced = produced;
  expected.shortfall = shortfall;
  expected.leftover = leftover;
  return {std::move(name), terms, std::move(trades), expected};
}

UtilityTerms with_balance(UtilityTerms terms, double balance) {
  terms.balance = balance;
  return terms;
}

UtilityTerms storing(UtilityTerms terms) {
  terms.disposal_cost = 0;
  terms.storage_cost = 0.03;
  terms.inventory_in = 3;
  return terms;
}

Trade sells(int quantity, double price) { return {quantity, kDay, price, true}; }
Trade buys(int quantity, double price, int day = kDay) { return {quantity, day, price, false}; }

}  // namespace

TEST_CASE("a day's outcome equals the reference's in 300 random situations") {
  std::ifstream file(JOUST_TEST_DATA "/scml_oneshot_utility_golden.json");
  const auto vectors = nlohmann::json::parse(file);
  REQUIRE(vectors.size() == 300);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    const auto& expected = vectors[i]["expected"];
    const DayOutcome day = day_outcome(terms_of(vectors[i]), trades_of(vectors[i]));
    CAPTURE(i);
    CAPTURE(vectors[i].dump());
    CHECK(day.total_input == expected["total_input"].get<int>());
    CHECK(day.total_output == expected["total_output"].get<int>());
    CHECK(day.produced == expected["produced"].get<int>());
    CHECK(day.shortfall == expected["shortfall_quantity"].get<int>());
    CHECK(day.leftover == expected["leftover"].get<int>());
    CHECK(day.shortfall_penalty == doctest::Approx(expected["shortfall_penalty"].get<double>()));
    CHECK(near(day.shortfall_penalty, expected["shortfall_penalty"].get<double>()));
    CHECK(near(day.disposal_cost, expected["disposal_cost"].get<double>()));
    CHECK(near(day.storage_cost, expected["storage_cost"].get<double>()));
    INFO("utility ", day.utility, " expected ", expected["utility"].get<double>());
    CHECK(near(day.utility, expected["utility"].get<double>()));
  }
}

TEST_CASE("a day's outcome in situations that can be worked out by hand") {
  const std::vector<Case> cases = {
      make_case("no sales: everything is disposed of", first_level(), {}, -88.0, 0, 0, 8),
      make_case("all sold", first_level(), {sells(8, 14)}, 16.0, 8, 0, 0),
      make_case("sold too much", first_level(), {sells(5, 14), sells(5, 13)}, -3.8, 8, 2, 0),
      make_case("sold too little", first_level(), {sells(3, 13)}, -52.0, 3, 0, 5),
      make_case("cannot afford it all", with_balance(first_level(), 50), {sells(8, 14)}, -69.6, 4,
                4, 4),
      make_case("in debt", with_balance(first_level(), -1), {sells(8, 14)}, -155.2, 0, 8, 8),
      make_case("bought nothing", last_level(), {}, -92.4, 0, 7, 0),
      make_case("bought what is needed", last_level(), {buys(7, 13)}, 49.0, 7, 0, 0),
      make_case("bought too much", last_level(), {buys(4, 13), buys(5, 14)}, 15.2, 7, 0, 2),
      make_case("bought more than the lines", last_level(), {buys(12, 13)}, -23.0, 7, 0, 5),
      make_case("bought for tomorrow", last_level(), {buys(7, 13, kDay + 1)}, -92.4, 0, 7, 0),
      make_case("stock helps", storing(last_level()), {buys(2, 13)}, 47.6, 5, 2, 0),
      make_case("stock costs", storing(last_level()), {buys(9, 13)}, 20.9, 7, 0, 5),
  };
  for (const Case& each : cases) {
    const DayOutcome day = day_outcome(each.terms, each.trades);
    CAPTURE(each.name);
    CHECK(day.utility == doctest::Approx(each.expected.utility).epsilon(1e-12));
    CHECK(day.produced == each.expected.produced);
    CHECK(day.shortfall == each.expected.shortfall);
    CHECK(day.leftover == each.expected.leftover);
  }
}

TEST_CASE("the order of equal offers does not change a day's outcome") {
  const std::vector<Trade> one = {buys(4, 13), buys(5, 13), buys(1, 12)};
  const std::vector<Trade> other = {buys(5, 13), buys(1, 12), buys(4, 13)};
  CHECK(day_outcome(last_level(), one).utility == day_outcome(last_level(), other).utility);
}

TEST_CASE("penalties may be scaled by the factory's own prices") {
  UtilityTerms terms = last_level();
  terms.own_price_scale = true;
  const std::vector<Trade> trades = {buys(4, 13)};
  const DayOutcome day = day_outcome(terms, trades);
  CHECK(day.shortfall_penalty == doctest::Approx(168.0 / 7 * 0.6 * 3));
  CHECK(day.disposal_cost == 0);
}
