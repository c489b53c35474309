// The world as a tournament sees it: results, purity, explicit economies, errors.

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "common/world_registry.hpp"
#include "tests/support/scml_setup.hpp"
#include "worker/worlds/worlds.hpp"

namespace {

using joust::Counter;
using joust::IntegerRange;
using joust::SetupError;
using joust::World;
using joust::WorldResult;
using joust::WorldSetup;
using joust::WorldTask;
using joust::test::counter;
using joust::test::encoded;
using joust::test::RecordingContext;
using joust::test::setup_of;

const std::vector<std::string> four_types = {"RandDistOneShotAgent", "GreedyOneShotAgent",
                                             "NiceAgent", "SingleAgreementAspirationAgent"};

WorldSetup short_setup(std::uint32_t seats = 3) {
  WorldSetup setup = setup_of(joust::worlds::scml_oneshot_world(), four_types, seats);
  setup.parameters.set("n_steps", IntegerRange{10, 20});
  return setup;
}

std::unique_ptr<World> make(const WorldSetup& setup) {
  return joust::worlds::scml_oneshot_world().make(setup);
}

WorldResult play(World& world, std::uint64_t config_seed, std::uint64_t seed,
                 const std::vector<std::uint32_t>& seats = {0, 1, 2}, std::uint32_t config = 0) {
  return joust::test::play(world, config_seed, seed, seats, config);
}

// A small economy of two levels, as a file would have it.
nlohmann::json small_economy() {
  const auto agent = [](const char* type, int level, bool is_default) {
    return nlohmann::json{{"type", type},
                          {"is_default", is_default},
                          {"level", level},
                          {"cost", 2.0},
                          {"n_lines", 10},
                          {"shortfall_penalty_mean", 0.5},
                          {"shortfall_penalty_dev", 0.0},
                          {"disposal_cost_mean", 0.1},
                          {"disposal_cost_dev", 0.0}};
  };
  nlohmann::json economy;
  economy["n_steps"] = 2;
  economy["catalog_prices"] = {10, 16, 28};
  economy["initial_balance"] = {1000, 1000, 2000};
  economy["agents"] = {agent("NiceAgent", 0, false), agent("DoNothingAgent", 0, true),
                       agent("NiceAgent", 1, false)};
  economy["exogenous_contracts"] = {
      {0, -1, 0, 0, 8, 10}, {0, -1, 1, 0, 5, 10}, {2, 2, -1, 1, 4, 30}};
  return economy;
}

std::string refusal(const nlohmann::json& economies, std::uint32_t seats = 2) {
  WorldSetup setup = short_setup(seats);
  setup.parameters.set("economies", economies.dump());
  try {
    make(setup);
  } catch (const SetupError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the registry knows scml-oneshot and its nine competitor types") {
  const joust::WorldRegistry registry = joust::builtin_worlds();
  const joust::WorldType* type = registry.find("scml-oneshot");
  REQUIRE(type != nullptr);
  CHECK(type->competitor_types.size() == 9);
  for (const auto& parameter : type->parameters) {
    CAPTURE(parameter.name);
    CHECK_FALSE(parameter.summary.empty());
  }
}

TEST_CASE("the same configuration and seed give the same bytes, in any order and in any process") {
  const WorldSetup setup = short_setup();
  const auto one = make(setup);
  const auto other = make(setup);
  std::vector<std::string> forward;
  for (std::uint64_t i = 0; i < 40; ++i) forward.push_back(encoded(play(*one, i % 20, i)));
  for (std::uint64_t i = 40; i-- > 0;) CHECK(encoded(play(*other, i % 20, i)) == forward[i]);
}

TEST_CASE("worlds of one configuration share their economy and differ in their play") {
  const auto world = make(short_setup());
  const WorldResult a = play(*world, 5, 1, {0, 1, 2});
  const WorldResult b = play(*world, 5, 2, {1, 3, 0});
  CHECK(counter(a, "n_steps") == counter(b, "n_steps"));
  CHECK(counter(a, "n_factories") == counter(b, "n_factories"));
  CHECK(counter(a, "n_contracts_exogenous") == counter(b, "n_contracts_exogenous"));
  CHECK(a.seats[0].score != b.seats[0].score);
  for (std::size_t seat = 0; seat < 3; ++seat) {
    // number and level of the factory
    CHECK(a.seats[seat].agent_name.substr(0, 2) == b.seats[seat].agent_name.substr(0, 2));
    CHECK(a.seats[seat].agent_name.back() == b.seats[seat].agent_name.back());
  }
}

TEST_CASE("agent names tell the factory, the type and the level") {
  const auto world = make(short_setup());
  const WorldResult result = play(*world, 5, 1, {3, 1, 2});
  const std::vector<std::string> types = {"SAA", "Gr", "Ni"};
  for (std::size_t seat = 0; seat < types.size(); ++seat) {
    const std::string& name = result.seats[seat].agent_name;
    CAPTURE(name);
    CHECK(name.substr(2, types[seat].size() + 1) == types[seat] + "@");
    CHECK((name.back() == '0' || name.back() == '1'));
  }
}

TEST_CASE("progress is reported once per step") {
  const auto world = make(short_setup());
  const std::vector<std::uint32_t> seats = {0, 1, 2};
  WorldTask task;
  task.seats = seats;
  RecordingContext context;
  const WorldResult result = world->play(task, context);
  REQUIRE(context.reports.size() == static_cast<std::size_t>(counter(result, "n_steps")));
  CHECK(context.reports.front().step == 1);
  CHECK(context.reports.back().step == context.reports.back().of);
}

TEST_CASE("counters add up") {
  const auto world = make(short_setup());
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const WorldResult result = play(*world, seed, seed);
    const double initiated = counter(result, "n_negs_initiated");
    CHECK(initiated > 0);
    CHECK(counter(result, "n_neg_requests_sent") == initiated);
    CHECK(counter(result, "n_negs_registered") == 2 * initiated);
    CHECK(counter(result, "n_negs_registered") ==
          counter(result, "n_negs_succeeded") + counter(result, "n_negs_failed"));
    CHECK(counter(result, "n_negs_timedout") <= counter(result, "n_negs_failed"));
    CHECK(counter(result, "n_contracts_signed") ==
          counter(result, "n_negs_succeeded") + 2 * counter(result, "n_contracts_exogenous"));
    for (const auto& seat : result.seats) CHECK(std::isfinite(seat.score));
  }
}

// Every factory of the economy is a seat, so that theirs are all the counters there are.
TEST_CASE("the counters of the seats add up to those of the world") {
  WorldSetup setup = short_setup(3);
  nlohmann::json economy = small_economy();
  for (auto& agent : economy["agents"]) agent["is_default"] = false;
  setup.parameters.set("economies", nlohmann::json::array({economy}).dump());
  const auto world = make(setup);
  const WorldResult result = play(*world, 1, 1, {0, 1, 2});
  REQUIRE(result.seats.size() == 3);
  for (const Counter& counted : result.seats[0].counters) {
    CAPTURE(counted.name);
    double sum = 0;
    for (const auto& seat : result.seats) {
      for (const Counter& each : seat.counters) {
        if (each.name == counted.name) sum += each.value;
      }
    }
    const bool with_outside_world = counted.name == "contracts_concluded" ||
                                    counted.name == "contracts_signed" ||
                                    counted.name == "contracts_executed";
    const double outside = with_outside_world ? counter(result, "n_contracts_exogenous") : 0;
    CHECK(sum + outside == counter(result, "n_" + counted.name));
  }
  CHECK(result.seats[0].counters.size() == 17);
  CHECK(counter(result, "n_negs_succeeded") > 0);
}

TEST_CASE("an explicit economy is played as it is written") {
  WorldSetup setup = short_setup(2);
  setup.parameters.set("economies", nlohmann::json::array({small_economy()}).dump());
  const auto world = make(setup);
  const WorldResult result = play(*world, 1, 1, {0, 2});
  CHECK(counter(result, "n_steps") == 2);
  CHECK(counter(result, "n_factories") == 3);
  CHECK(counter(result, "n_negs_initiated") == 4);
  CHECK(counter(result, "n_contracts_exogenous") == 3);
  CHECK(result.seats[0].agent_name == "00Ra@0");
  CHECK(result.seats[1].agent_name == "02Ni@1");
}

TEST_CASE("a seat that does nothing in an explicit economy scores what can be worked out by hand") {
  WorldSetup setup = short_setup(2);
  setup.competitors[0].type = "DoNothingAgent";
  setup.competitors[0].parameters = {};
  setup.parameters.set("economies", nlohmann::json::array({small_economy()}).dump());
  const auto world = make(setup);
  const WorldResult result = play(*world, 1, 1, {0, 0});
  // Day 0: 8 units for 80, all disposed of at 0.1 of the catalog price 10. Day 1: nothing.
  CHECK(result.seats[0].score == doctest::Approx((1000 - 80 - 8) / 1000.0).epsilon(1e-12));
  // Day 1: 4 units short at half the catalog price 28.
  CHECK(result.seats[1].score == doctest::Approx((2000 - 4 * 14) / 2000.0).epsilon(1e-12));
}

TEST_CASE("configurations take turns among several explicit economies") {
  nlohmann::json second = small_economy();
  second["n_steps"] = 3;
  WorldSetup setup = short_setup(2);
  setup.parameters.set("economies", nlohmann::json::array({small_economy(), second}).dump());
  const auto world = make(setup);
  for (std::uint32_t config = 0; config < 4; ++config) {
    CHECK(counter(play(*world, 1, 1, {0, 1}, config), "n_steps") == 2 + config % 2);
  }
}

TEST_CASE("an error in an economy is named with its place and value") {
  const auto broken = [](auto change) {
    nlohmann::json economy = small_economy();
    change(economy);
    return refusal(nlohmann::json::array({economy}));
  };
  CHECK(broken([](auto&) {}) == "accepted");
  CHECK(broken([](auto& e) { e.erase("n_steps"); }) == "economies[0]: field 'n_steps' is missing");
  CHECK(broken([](auto& e) { e["agents"][1]["cost"] = "x"; }) ==
        "economies[0].agents[1].cost: expected a number, found \"x\"");
  CHECK(broken([](auto& e) {
          e["agents"][1]["type"] = "Nobody";
        }).find("unknown agent type 'Nobody'") != std::string::npos);
  CHECK(broken([](auto& e) { e["agents"][2]["level"] = 2; }).find("2 is outside 0 to 1") !=
        std::string::npos);
  CHECK(broken([](auto& e) { e["agents"][2]["level"] = 0; }).find("level 1 has 0 agents") !=
        std::string::npos);
  CHECK(broken([](auto& e) {
          e["initial_balance"] = {1, 2};
        }) == "economies[0].initial_balance: has 2 balances for 3 agents");
  CHECK(broken([](auto& e) { e["exogenous_contracts"][0][3] = 2; }) ==
        "economies[0].exogenous_contracts[0][3]: 2 is outside 0 to 1");
  CHECK(broken([](auto& e) { e["exogenous_contracts"][0][0] = 2; }).find("product 2 and agent 0") !=
        std::string::npos);
  CHECK(broken([](auto& e) {
          e["agents"][0]["is_default"] = true;
        }).find("1 agents have is_default = false, but 2 competitors") != std::string::npos);
  CHECK(refusal(nlohmann::json::array()).find("the list is empty") != std::string::npos);
  CHECK(broken([](auto& e) { e["n_steps"] = nlohmann::json::array(); }) ==
        "economies[0].n_steps: expected a number, found a list");
  CHECK(broken([](auto& e) {
          e["exogenous_contracts"] = {{0, -1, 0, 0, 15000, 10}, {0, -1, 0, 0, 15000, 10}};
        }) ==
        "economies[0].exogenous_contracts[1]: agent 0 would trade more than 20000 units with "
        "the outside world on day 0");
  CHECK(broken([](auto& e) { e["catalog_prices"][1] = 1e15; }).find("is outside 0 to 1000000") !=
        std::string::npos);
}

TEST_CASE("a list in which lists are nested without end is refused as any other mistake") {
  constexpr std::size_t kDepth = 200'000;
  WorldSetup setup = short_setup();
  setup.parameters.set("economies", std::string("[{\"n_steps\":") + std::string(kDepth, '[') +
                                        std::string(kDepth, ']') + "}]");
  CHECK_THROWS_WITH_AS(make(setup), doctest::Contains("expected a number, found a list"),
                       SetupError);
}

TEST_CASE(
    "factories that would start without money are refused; one that would by chance has some") {
  WorldSetup setup = short_setup();
  setup.parameters.set("cash_availability", joust::RealRange{0, 0});
  CHECK_THROWS_WITH_AS(make(setup), doctest::Contains("cash_availability = 0 leaves"), SetupError);
  setup.parameters.set("cash_availability", joust::RealRange{0, 1e-9});
  CHECK(std::isfinite(play(*make(setup), 1, 1).seats[0].score));
}

TEST_CASE("text that is not JSON is refused as such") {
  WorldSetup setup = short_setup();
  setup.parameters.set("economies", std::string("{not json"));
  CHECK_THROWS_WITH_AS(make(setup), doctest::Contains("economies: not JSON"), SetupError);
}

TEST_CASE("probabilities that add up to more than one are refused") {
  WorldSetup setup = setup_of(joust::worlds::scml_oneshot_world(), {"RandomOneShotAgent"}, 1);
  setup.competitors[0].parameters.set("p_accept", 0.9);
  setup.competitors[0].parameters.set("p_end", 0.2);
  CHECK_THROWS_WITH_AS(make(setup), doctest::Contains("p_accept = 0.9 and p_end = 0.2"),
                       SetupError);
}

TEST_CASE("without the reference's quirks a single-agreement buyer can buy") {
  const auto contracts = [](bool quirks) {
    WorldSetup setup = setup_of(joust::worlds::scml_oneshot_world(),
                                {"SingleAgreementAspirationAgent", "NiceAgent"}, 2);
    nlohmann::json economy = small_economy();
    economy["exogenous_contracts"] = {{0, -1, 0, 0, 8, 10}, {2, 2, -1, 0, 8, 30}};
    setup.parameters.set("economies", nlohmann::json::array({economy}).dump());
    setup.parameters.set("reference_quirks", quirks);
    const auto world = make(setup);
    return counter(play(*world, 1, 1, {1, 0}), "n_negs_succeeded");
  };
  CHECK(contracts(true) == 0);
  CHECK(contracts(false) > 0);
}
