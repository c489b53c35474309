// Invariants of every day of a game.

#include "worker/worlds/scml/simulation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/scml_setup.hpp"

namespace {

using namespace joust::worlds::scml;
using joust::test::default_rules;
using joust::test::economy_played_by;
using joust::test::new_game;
using joust::test::types_of;

constexpr double kCent = 1e-6;

// Calls a check for every day, with the balances before it.
template <class Check>
class EachDay : public DayObserver {
 public:
  EachDay(const Simulation& game, Check check) : check_(check) {
    for (const FactoryState& state : game.factories()) balances_.push_back(state.balance);
  }
  void on_day(int day, std::span<const FactoryState> factories, std::span<const Contract> contracts,
              const std::vector<double>& before, const std::vector<double>& after) override {
    check_(Day{day, factories, contracts, before, after, balances_});
    for (std::size_t i = 0; i < factories.size(); ++i) balances_[i] = factories[i].balance;
    ++days;
  }
  struct Day {
    int number;
    std::span<const FactoryState> factories;
    std::span<const Contract> contracts;
    const std::vector<double>& prices_before;
    const std::vector<double>& prices_after;
    const std::vector<double>& balances_before;
  };
  int days = 0;

 private:
  Check check_;
  std::vector<double> balances_;
};

template <class Check>
void on_every_day_of_some_games(Game kind, Check check) {
  constexpr int kDays = 30;
  for (const bool quirks : {true, false}) {
    Rules rules = default_rules(kind);
    rules.reference_quirks = quirks;
    rules.passes = quirks ? rules.passes : 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const Economy economy = economy_played_by(types_of(kind), kDays, seed, rules);
      const auto game = new_game(rules, economy, seed);
      EachDay observer(*game, check);
      CAPTURE(quirks);
      CAPTURE(seed);
      while (game->day() < economy.days) game->play_day(&observer);
      CHECK(observer.days == kDays);
    }
  }
}

template <class Check>
void on_every_day_of_some_games(Check check) {
  for (const Game kind : {Game::oneshot, Game::standard}) on_every_day_of_some_games(kind, check);
}

double promised(const FactoryState& state) {
  double total = state.desk.terms.exogenous_out_price;
  for (const Trade& trade : state.trades) {
    if (trade.is_output) total += trade.unit_price * trade.quantity;
  }
  return total;
}

}  // namespace

TEST_CASE("money changes hands but neither appears nor vanishes") {
  on_every_day_of_some_games([](const auto& day) {
    double change = 0;
    double expected = 0;
    for (std::size_t i = 0; i < day.factories.size(); ++i) {
      const FactoryState& state = day.factories[i];
      const UtilityTerms& terms = state.desk.terms;
      const DayOutcome& o = state.outcome;
      change += state.balance - day.balances_before[i];
      // The outside world pays and is paid, production and penalties cost, and what a buyer paid
      // for units that were never delivered is lost to the seller.
      expected += terms.exogenous_out_price - terms.exogenous_in_price -
                  terms.production_cost * o.produced - o.shortfall_penalty - o.disposal_cost -
                  o.storage_cost - (promised(state) - o.revenue);
    }
    INFO("day ", day.number, ": balances changed by ", change, ", expected ", expected);
    CHECK(std::abs(change - expected) < kCent);
  });
}

TEST_CASE("both parties of a contract book the same quantity and price") {
  on_every_day_of_some_games([](const auto& day) {
    for (const Contract& contract : day.contracts) {
      if (contract.nullified) continue;
      const auto books = [&](int factory, bool is_output) {
        const auto& trades = day.factories[static_cast<std::size_t>(factory)].trades;
        return std::count_if(trades.begin(), trades.end(), [&](const Trade& trade) {
          return trade.is_output == is_output && trade.quantity == contract.terms.quantity &&
                 trade.unit_price == contract.terms.unit_price && trade.day == day.number;
        });
      };
      CHECK(books(contract.seller, true) >= 1);
      CHECK(books(contract.buyer, false) >= 1);
    }
  });
}

TEST_CASE("no factory produces more than its lines, its input or its sales") {
  on_every_day_of_some_games([](const auto& day) {
    for (const FactoryState& state : day.factories) {
      const DayOutcome& o = state.outcome;
      int bought = state.desk.terms.exogenous_in + state.desk.terms.inventory_in;
      int sold = state.desk.terms.exogenous_out;
      for (const Trade& trade : state.trades) (trade.is_output ? sold : bought) += trade.quantity;
      CAPTURE(day.number);
      CAPTURE(state.desk.factory);
      CHECK(o.produced >= 0);
      CHECK(o.produced <= state.desk.terms.lines);
      CHECK(o.produced <= o.total_input);
      CHECK(o.produced <= o.total_output);
      CHECK(o.total_input == bought);
      CHECK(o.total_output == sold);
    }
  });
}

TEST_CASE("in OneShot nothing is stored overnight, and all is for today") {
  on_every_day_of_some_games(Game::oneshot, [](const auto& day) {
    for (const FactoryState& state : day.factories) {
      CHECK(state.desk.terms.inventory_in == 0);
      CHECK(state.desk.terms.inventory_out == 0);
      CHECK(state.outcome.storage_cost == 0);
      CHECK(state.outcome.total_input == state.desk.supplies + state.desk.terms.exogenous_in);
      CHECK(state.outcome.total_output == state.desk.sales + state.desk.terms.exogenous_out);
      CHECK(state.desk.future_sales.empty());
    }
  });
}

TEST_CASE("trading prices stay between yesterday's price and today's average") {
  on_every_day_of_some_games([](const auto& day) {
    for (std::size_t product = 0; product < day.prices_after.size(); ++product) {
      double low = day.prices_before[product];
      double high = low;
      double paid = 0;
      int quantity = 0;
      for (const Contract& contract : day.contracts) {
        if (contract.product != static_cast<int>(product) || contract.nullified) continue;
        quantity += contract.terms.quantity;
        paid += static_cast<double>(contract.terms.quantity) * contract.terms.unit_price;
      }
      for (const FactoryState& state : day.factories) {
        const UtilityTerms& terms = state.desk.terms;
        if (product == 0) {
          quantity += terms.exogenous_in;
          paid += terms.exogenous_in_price;
        } else if (product + 1 == day.prices_after.size()) {
          quantity += terms.exogenous_out;
          paid += terms.exogenous_out_price;
        }
      }
      if (quantity > 0) {
        low = std::min(low, paid / quantity);
        high = std::max(high, paid / quantity);
      }
      CAPTURE(product);
      CAPTURE(day.number);
      CHECK(day.prices_after[product] >= low - kCent);
      CHECK(day.prices_after[product] <= high + kCent);
    }
  });
}

TEST_CASE("contracts lie within the issues that the trading prices allow") {
  on_every_day_of_some_games(Game::oneshot, [](const auto& day) {
    for (const Contract& contract : day.contracts) {
      const double price = day.prices_before[static_cast<std::size_t>(contract.product)];
      CHECK(contract.terms.unit_price <= std::ceil(price));
      CHECK(contract.terms.unit_price >= std::ceil(price) - 1);
      CHECK(contract.terms.quantity >= 1);
      CHECK(contract.terms.quantity <= 10);
      CHECK(contract.terms.day == day.number);
      CHECK(contract.product == 1);
    }
  });
}

TEST_CASE("doing nothing loses money at both ends of the chain") {
  const Rules rules = default_rules();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Economy economy = economy_played_by({"DoNothingAgent"}, 50, seed);
    const auto game = new_game(rules, economy, seed);
    while (game->day() < economy.days) game->play_day();
    CHECK(game->counts().agreed == 0);
    CHECK(game->counts().negotiations > 0);
    for (std::size_t i = 0; i < economy.factories.size(); ++i) {
      CAPTURE(i);
      CAPTURE(game->score(i));
      CHECK(game->score(i) < 1);
    }
  }
}

TEST_CASE("a bankrupt factory negotiates no more but its exogenous trades go on") {
  const Rules rules = default_rules();
  Economy economy = economy_played_by({"NiceAgent"}, 10, 3);
  const std::size_t poor = 0;
  economy.factories[poor].balance = 1;
  const auto game = new_game(rules, economy, 3);
  game->play_day();
  REQUIRE(game->factories()[poor].bankrupt);
  const double balance = game->factories()[poor].balance;
  REQUIRE(balance < 0);
  while (game->day() < economy.days) {
    game->play_day();
    CHECK(game->factories()[poor].trades.empty());
    CHECK(game->factories()[poor].outcome.produced == 0);
  }
  CHECK(game->factories()[poor].balance < balance);
  CHECK(game->score(poor) < 0);
}

TEST_CASE("a bankrupt factory stays bankrupt when its balance recovers") {
  Rules rules = default_rules();
  rules.bankruptcy_limit = 1e7;  // above every balance
  const Economy economy = economy_played_by({"NiceAgent"}, 3, 4);
  const auto game = new_game(rules, economy, 4);
  game->play_day();
  for (const FactoryState& state : game->factories()) CHECK(state.bankrupt);
  const auto negotiations = game->counts().negotiations;
  CHECK(negotiations > 0);
  game->play_day();
  CHECK(game->counts().negotiations == negotiations);
}

TEST_CASE("every pair of neighbours negotiates every day") {
  const Rules rules = default_rules();
  const Economy economy = economy_played_by({"NiceAgent"}, 2, 5);
  std::uint64_t sellers = 0;
  for (const Factory& factory : economy.factories) sellers += factory.level == 0 ? 1U : 0U;
  const auto game = new_game(rules, economy, 5);
  game->play_day();
  CHECK(game->counts().negotiations == sellers * (economy.factories.size() - sellers));
  CHECK(game->counts().agreed == game->counts().negotiations);
}

TEST_CASE("agents that look at their needs trade close to them") {
  const Rules rules = default_rules();
  double surplus = 0;
  int days = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Economy economy = economy_played_by({"EqualDistOneShotAgent"}, 30, seed);
    const auto game = new_game(rules, economy, seed);
    while (game->day() < economy.days) {
      game->play_day();
      for (const FactoryState& state : game->factories()) {
        surplus += std::max(
            0, state.desk.level == 0 ? -state.desk.needed_sales() : -state.desk.needed_supplies());
        ++days;
      }
    }
  }
  INFO("units beyond the need per factory and day: ", surplus / days);
  CHECK(surplus / days < 0.5);
}
