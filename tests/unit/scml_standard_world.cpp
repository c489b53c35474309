// The Standard game as a tournament sees it. What it has in common with OneShot is tested there.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/scml_setup.hpp"
#include "tests/support/scratch_folder.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::test {
namespace {

using nlohmann::json;

const std::vector<std::string> kTypes = {"SyncRandomStdAgent", "GreedyStdAgent", "RandomStdAgent",
                                         "EqualDistOneShotAgent"};

WorldSetup short_setup() {
  WorldSetup setup = setup_of(worlds::scml_standard_world(), kTypes, 3);
  setup.parameters.set("n_steps", IntegerRange{12, 15});
  return setup;
}

WorldResult play(World& world, std::uint64_t config_seed, std::uint64_t seed) {
  return test::play(world, config_seed, seed, {0, 1, 3});
}

std::string refusal(const WorldSetup& setup) {
  try {
    worlds::scml_standard_world().make(setup);
  } catch (const SetupError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("a Standard world is the same whenever and wherever it is played") {
  const WorldSetup setup = short_setup();
  const auto one = worlds::scml_standard_world().make(setup);
  const auto other = worlds::scml_standard_world().make(setup);
  std::vector<std::string> forward;
  for (std::uint64_t i = 0; i < 30; ++i) forward.push_back(encoded(play(*one, i % 10, i)));
  for (std::uint64_t i = 30; i-- > 0;) CHECK(encoded(play(*other, i % 10, i)) == forward[i]);
  CHECK(std::set(forward.begin(), forward.end()).size() == forward.size());
}

TEST_CASE("its agents are named after factory, type and level; its fillers are its own") {
  const auto world = worlds::scml_standard_world().make(short_setup());
  std::set<char> levels;
  for (std::uint64_t config = 0; config < 20; ++config) {
    const WorldResult result = play(*world, config, 1);
    REQUIRE(result.seats.size() == 3);
    CHECK(result.seats[0].agent_name.substr(2, 4) == "SRS@");
    CHECK(result.seats[1].agent_name.substr(2, 3) == "Gr@");
    CHECK(result.seats[2].agent_name.substr(2, 3) == "Eq@");
    for (const SeatResult& seat : result.seats) levels.insert(seat.agent_name.back());
    CHECK(counter(result, "n_factories") >= 8);
    CHECK(counter(result, "n_factories") <= 24);
  }
  CHECK(levels == std::set<char>{'0', '1', '2', '3'});
}

TEST_CASE("void contracts are counted, and all others are executed") {
  const auto world = worlds::scml_standard_world().make(short_setup());
  double nullified = 0;
  for (std::uint64_t i = 0; i < 30; ++i) {
    const WorldResult result = play(*world, i, i);
    nullified += counter(result, "n_contracts_nullified");
    CHECK(counter(result, "n_contracts_executed") + counter(result, "n_contracts_nullified") ==
          counter(result, "n_contracts_signed"));
  }
  CHECK(nullified > 0);
}

TEST_CASE("given economies may have any allowed number of levels") {
  const std::string text =
      read_text(std::string(JOUST_TEST_DATA) + "/scml_reference/standard.json");
  json economies = json::parse(text);
  for (json& economy : economies) {
    for (std::size_t i = 0; i < 3; ++i) economy["agents"][i]["is_default"] = false;
  }
  WorldSetup setup = short_setup();
  setup.parameters.set("economies", economies.dump());
  const auto world = worlds::scml_standard_world().make(setup);
  CHECK(counter(play(*world, 1, 1), "n_steps") == 50);

  json small = economies[2];  // of two levels
  REQUIRE(small["catalog_prices"].size() == 3);
  small["catalog_prices"] = {10, 20};
  setup.parameters.set("economies", json::array({small}).dump());
  CHECK(refusal(setup) ==
        "economies[0].catalog_prices: has 2 prices, expected one for each of 3 to 5 products");
  setup.parameters.set("n_processes", IntegerRange{3, 3});
  setup.parameters.set("economies", json::array({economies[2]}).dump());
  CHECK(refusal(setup) ==
        "economies[0].catalog_prices: has 3 prices, expected one for each of 4 products");
}

TEST_CASE("what does not fit together is refused, with the values") {
  WorldSetup setup = short_setup();
  for (const char* name : {"prioritize_near_future", "prioritize_far_future"}) {
    setup.competitors[0].parameters.set(name, true);
  }
  CHECK(refusal(setup).find("are both true") != std::string::npos);
  setup = short_setup();
  setup.parameters.set("min_factories", std::int64_t{9});
  CHECK(refusal(setup).starts_with("min_factories = 9 is above max_factories = 6"));
}

}  // namespace
}  // namespace joust::test
