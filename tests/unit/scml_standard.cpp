// What only the Standard game has: trade ahead, inventories, more than two levels, and what becomes
// of contracts when a party goes bankrupt. Small economies whose numbers can be checked by hand.

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <set>

#include "tests/support/scml_setup.hpp"
#include "worker/worlds/scml/generation.hpp"
#include "worker/worlds/scml/simulation.hpp"

namespace {

using namespace joust::worlds::scml;
using joust::test::default_rules;
using joust::test::economy_played_by;
using joust::test::new_game;
using joust::test::types_of;

// Proposes what it is told to, and accepts what is not its own turn to open.
class Scripted : public Agent {
 public:
  using Opening = std::function<Reply(const Desk&, const Talk&)>;
  explicit Scripted(Opening opening) : opening_(std::move(opening)) {}

  void begin_day(const Desk& desk) override { desks.push_back(desk); }
  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override {
    for (std::size_t i = 0; i < talks.size(); ++i) {
      replies[i] = talks[i].has_offer ? Reply::accept() : opening_(desk, talks[i]);
    }
  }

  std::vector<Desk> desks;  // of each morning

 private:
  Opening opening_;
};

// One factory per level, each with ten lines, costs of 1 and much money; no exogenous trade.
Economy chain(int levels, int days) {
  Economy economy;
  economy.days = days;
  economy.levels = levels;
  for (int product = 0; product <= levels; ++product) {
    economy.catalog_prices.push_back(10 * (product + 1));
  }
  for (int level = 0; level < levels; ++level) {
    Factory factory;
    factory.level = level;
    factory.production_cost = 1;
    factory.balance = 10'000;
    factory.storage = {0.1, 0};
    factory.shortfall = {0.5, 0};
    economy.factories.push_back(factory);
  }
  economy.supplies.assign(static_cast<std::size_t>(days) * economy.factories.size(), {});
  economy.sales = economy.supplies;
  return economy;
}

struct Played {
  Rules rules = default_rules(Game::standard);
  Economy economy;
  std::vector<Scripted*> agents;
  std::unique_ptr<Simulation> game;

  Played(Economy with, const Scripted::Opening& opening, bool quirks = true)
      : economy(std::move(with)) {
    rules.reference_quirks = quirks;
    std::vector<std::unique_ptr<Agent>> all;
    for (std::size_t i = 0; i < economy.factories.size(); ++i) {
      auto agent = std::make_unique<Scripted>(opening);
      agents.push_back(agent.get());
      all.push_back(std::move(agent));
    }
    game = std::make_unique<Simulation>(rules, economy, std::move(all), 1);
  }
  const FactoryState& factory(std::size_t i) const { return game->factories()[i]; }
};

Scripted::Opening on_first_day(const Offer& offer) {
  return [offer](const Desk& desk, const Talk&) {
    return desk.terms.day == 0 ? Reply::propose(offer) : Reply::end();
  };
}

void supply(Economy& economy, int day, std::size_t factory, int quantity, double total) {
  economy.supplies[economy.at(day, factory)] = {quantity, total};
}

void demand(Economy& economy, int day, std::size_t factory, int quantity, double total) {
  economy.sales[economy.at(day, factory)] = {quantity, total};
}

}  // namespace

TEST_CASE("what is agreed on for a later day is delivered and paid for on that day") {
  Economy economy = chain(2, 4);
  supply(economy, 2, 0, 5, 50);
  demand(economy, 2, 1, 5, 150);
  Played played(economy, on_first_day({5, 2, 21}));
  played.game->play_day();
  CHECK(played.game->counts().agreed == 1);
  CHECK(played.factory(0).desk.sales == 0);
  CHECK(played.factory(0).desk.future_sales[1] == 5);
  CHECK(played.factory(1).desk.future_supplies[1] == 5);
  CHECK(played.factory(1).desk.supplies_on(2) == 5);
  CHECK(played.factory(1).balance == 10'000);

  played.game->play_day();
  CHECK(played.factory(1).desk.future_supplies[0] == 5);
  CHECK(played.factory(1).balance == 10'000);

  played.game->play_day();
  CHECK(played.agents[1]->desks[2].supplies == 5);  // known in the morning
  CHECK(played.agents[1]->desks[2].future_supplies[0] == 0);
  CHECK(played.factory(0).balance == 10'000 - 50 + 5 * 21 - 5);
  CHECK(played.factory(1).balance == 10'000 - 5 * 21 + 150 - 5);
  // 50 units at the catalog price weigh 45 on the first day with a trade: days without change
  // nothing
  CHECK(played.agents[0]->desks[1].terms.output_price == 20);
  played.game->play_day();
  CHECK(played.agents[0]->desks[3].terms.output_price ==
        doctest::Approx((45 * 20 + 5 * 21) / 50.0));
}

TEST_CASE("an offer may be for today up to the horizon, but not beyond the last day") {
  Played played(chain(2, 15), [](const Desk&, const Talk&) { return Reply::end(); });
  for (int day = 0; day < 15; ++day) played.game->play_day();
  const auto day_of = [&](int day) {
    return played.agents[0]->desks[static_cast<std::size_t>(day)].output_issues.day;
  };
  CHECK(day_of(0).low == 0);
  CHECK(day_of(0).high == 10);
  CHECK(day_of(3).high == 13);
  CHECK(day_of(7).low == 7);
  CHECK(day_of(7).high == 14);
  CHECK(day_of(14).high == 14);
  const Issues& issues = played.agents[0]->desks[0].output_issues;
  CHECK(issues.quantity.low == 1);
  CHECK(issues.quantity.high == 30);
  CHECK(issues.unit_price.low == 18);  // 10 % around 20
  CHECK(issues.unit_price.high == 22);
}

TEST_CASE("the first level sees the raw material's issues: the reference sets them only once") {
  for (const bool quirks : {true, false}) {
    Played played(
        chain(2, 15), [](const Desk&, const Talk&) { return Reply::end(); }, quirks);
    played.game->play_day();
    played.game->play_day();
    const Issues& issues = played.agents[0]->desks[1].input_issues;
    CAPTURE(quirks);
    CHECK(issues.day.low == (quirks ? 0 : 1));
    CHECK(issues.day.high == (quirks ? 10 : 11));
    CHECK(issues.unit_price.low == 9);
    CHECK(issues.unit_price.high == 11);
  }
}

TEST_CASE(
    "unused material is kept at a price, and what is used is gone, but not in the reference") {
  for (const bool quirks : {true, false}) {
    Economy economy = chain(2, 3);
    supply(economy, 0, 0, 8, 80);
    // sells 3 on the second day, which it has in its inventory
    const Scripted::Opening opening = [](const Desk& desk, const Talk&) {
      return desk.terms.day == 1 ? Reply::propose({3, 1, 20}) : Reply::end();
    };
    Played played(economy, opening, quirks);
    CAPTURE(quirks);
    played.game->play_day();
    CHECK(played.factory(0).inventory == 8);
    CHECK(played.factory(0).balance == doctest::Approx(10'000 - 80 - 8 * 0.1 * 10));
    const double before = played.factory(0).balance;
    played.game->play_day();
    CHECK(played.factory(0).outcome.produced == 3);
    CHECK(played.factory(0).outcome.leftover == 5);
    CHECK(played.factory(0).balance == doctest::Approx(before + 3 * 20 - 3 * 1 - 5 * 0.1 * 10));
    CHECK(played.factory(0).inventory == (quirks ? 8 : 5));
    played.game->play_day();
    CHECK(played.agents[0]->desks[2].terms.inventory_in == (quirks ? 8 : 5));
    CHECK(played.agents[0]->desks[2].needed_sales() == (quirks ? 8 : 5));
  }
}

TEST_CASE("bankruptcy voids contracts for later days; the reference's partner reckons with them") {
  for (const bool quirks : {true, false}) {
    Economy economy = chain(2, 4);
    economy.factories[0].balance = 10;
    supply(economy, 0, 0, 5, 50);  // cannot be paid for
    Played played(economy, on_first_day({4, 2, 20}), quirks);
    CAPTURE(quirks);
    played.game->play_day();
    REQUIRE(played.factory(0).bankrupt);
    CHECK_FALSE(played.factory(1).bankrupt);
    CHECK(played.game->counts().nullified_contracts == 1);
    CHECK(played.factory(0).nullified_contracts == 1);
    CHECK(played.factory(1).nullified_contracts == 1);
    CHECK(played.factory(1).desk.supplies_on(2) == (quirks ? 4 : 0));
    played.game->play_day();
    played.game->play_day();
    CHECK(played.agents[1]->desks[2].supplies == (quirks ? 4 : 0));
    CHECK(played.factory(1).trades.empty());
    CHECK(played.factory(1).balance == 10'000);  // nothing came, nothing was paid
    CHECK(played.factory(1).outcome.total_input == 0);
    played.game->play_day();
    CHECK(played.agents[1]->desks[3].terms.input_price == 20);
  }
}

TEST_CASE("a contract that is due on the day of the bankruptcy is executed") {
  Economy economy = chain(2, 2);
  economy.factories[0].balance = 10;
  supply(economy, 0, 0, 5, 50);
  Played played(economy, on_first_day({4, 0, 20}));
  played.game->play_day();
  CHECK(played.factory(0).bankrupt);
  CHECK(played.game->counts().nullified_contracts == 0);
  CHECK(played.factory(1).outcome.total_input == 4);
  CHECK(played.factory(1).inventory == 4);
}

TEST_CASE("every second level opens, with its suppliers and its consumers") {
  const auto opened = [](int levels, bool quirks) {
    std::map<std::size_t, std::uint64_t> by_opener;
    Played played(
        chain(levels, 2), [](const Desk&, const Talk&) { return Reply::end(); }, quirks);
    played.game->play_day();
    for (std::size_t i = 0; i < played.agents.size(); ++i) {
      if (played.game->tally(i).opened > 0) by_opener[i] = played.game->tally(i).opened;
    }
    return by_opener;
  };
  using Counts = std::map<std::size_t, std::uint64_t>;
  for (const bool quirks : {true, false}) {
    CAPTURE(quirks);
    CHECK(opened(2, quirks) == Counts{{1, 1}});
    CHECK(opened(3, quirks) == Counts{{0, 1}, {2, 1}});
  }
  CHECK(opened(4, false) == Counts{{1, 2}, {3, 1}});
  // in the reference a middle level that opens reaches its suppliers only
  CHECK(opened(4, true) == Counts{{1, 1}, {3, 1}});
}

TEST_CASE("an economy has two to four levels, and exogenous quantities that nothing caps") {
  const Rules rules = default_rules(Game::standard);
  std::set<int> levels;
  int most = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Economy economy = generate_economy(rules, 3, {"RandomStdAgent"}, seed);
    levels.insert(economy.levels);
    CHECK(economy.factories.back().level == economy.levels - 1);
    CHECK(economy.catalog_prices.size() == static_cast<std::size_t>(economy.levels) + 1);
    for (const Factory& factory : economy.factories) {
      CHECK(factory.storage.mean >= 0.01);
      CHECK(factory.storage.mean <= 0.05);
      CHECK(factory.storage.deviation == 0);
      CHECK(factory.disposal.mean == 0);
    }
    for (const ExogenousTrade& trade : economy.supplies) most = std::max(most, trade.quantity);
  }
  CHECK(levels == std::set<int>{2, 3, 4});
  CHECK(most > rules.lines);
}

TEST_CASE("inventories add up from day to day") {
  for (const bool quirks : {true, false}) {
    Rules rules = default_rules(Game::standard);
    rules.reference_quirks = quirks;
    const Economy economy = economy_played_by(types_of(Game::standard), 30, 5, rules);
    const auto game = new_game(rules, economy, 5);
    std::vector<int> before(economy.factories.size(), 0);
    bool any = false;
    while (game->day() < economy.days) {
      game->play_day();
      for (std::size_t i = 0; i < before.size(); ++i) {
        const FactoryState& state = game->factories()[i];
        CHECK(state.desk.terms.inventory_in == before[i]);
        const int bought = state.outcome.total_input - before[i];
        const int expected = quirks ? before[i] + std::max(0, bought - state.outcome.produced)
                                    : before[i] + bought - state.outcome.produced;
        CHECK(state.inventory == expected);
        before[i] = state.inventory;
        any = any || state.inventory > 0;
      }
    }
    CHECK(any);
  }
}
