#include <doctest/doctest.h>

#include <array>

#include "common/world_registry.hpp"

namespace joust {
namespace {

class QuietContext : public WorldContext {
 public:
  void progress(std::uint64_t step, std::uint64_t of) override {
    last_step = step;
    last_of = of;
  }
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return 1; }
  void log(std::string_view) override {}

  std::uint64_t last_step = 0;
  std::uint64_t last_of = 0;
};

const WorldType& dilemma() {
  static const WorldRegistry registry = builtin_worlds();
  const WorldType* type = registry.find("prisoners-dilemma");
  REQUIRE(type != nullptr);
  return *type;
}

struct Match {
  std::string first;
  std::string second;
  std::int64_t rounds = 10;
  double noise = 0;
  std::uint64_t seed = 1;
};

WorldSetup setup_of(const Match& match) {
  WorldSetup setup{"prisoners-dilemma", {}, {{"A", match.first, {}}, {"B", match.second, {}}}, 2};
  setup.parameters.set("rounds", match.rounds);
  setup.parameters.set("noise", match.noise);
  fill_defaults(setup.parameters, dilemma().parameters);
  return setup;
}

WorldResult play_on(World& world, std::uint64_t seed) {
  constexpr std::array<std::uint32_t, 2> kSeats = {0, 1};
  WorldTask task;
  task.seed = seed;
  task.seats = kSeats;
  QuietContext context;
  WorldResult result = world.play(task, context);
  CHECK(context.last_step == context.last_of);
  return result;
}

WorldResult play(const Match& match) {
  const WorldSetup setup = setup_of(match);
  return play_on(*dilemma().make(setup), match.seed);
}

// The payoffs of a match, summed over its rounds.
std::array<double, 2> payoffs(const Match& match) {
  const WorldResult result = play(match);
  REQUIRE(result.seats.size() == 2);
  const auto rounds = static_cast<double>(match.rounds);
  return {result.seats[0].score * rounds, result.seats[1].score * rounds};
}

TEST_CASE("matches of strategies without chance end as they do on paper") {
  struct Case {
    const char* first;
    const char* second;
    double payoff_first;
    double payoff_second;
  };
  // Ten rounds; C and D in order, first player above the second:
  for (const Case& c : std::initializer_list<Case>{
           {"Cooperator", "Cooperator", 30, 30},
           {"Cooperator", "Defector", 0, 50},
           {"Defector", "Defector", 10, 10},
           {"TitForTat", "TitForTat", 30, 30},
           {"TitForTat", "Defector", 9, 14},                  // CDDDDDDDDD DDDDDDDDDD
           {"TitForTat", "SuspiciousTitForTat", 25, 25},      // CDCDCDCDCD DCDCDCDCDC
           {"TitForTwoTats", "Defector", 8, 18},              // CCDDDDDDDD DDDDDDDDDD
           {"TitForTwoTats", "SuspiciousTitForTat", 27, 32},  // CCCCCCCCCC DCCCCCCCCC
           {"Grudger", "SuspiciousTitForTat", 13, 13},        // CDDDDDDDDD DCDDDDDDDD
           {"Grudger", "Cooperator", 30, 30},
           {"WinStayLoseShift", "Defector", 5, 30},              // CDCDCDCDCD DDDDDDDDDD
           {"WinStayLoseShift", "SuspiciousTitForTat", 18, 23},  // CDDCDDCDDC DCDDCDDCDD
           {"WinStayLoseShift", "Cooperator", 30, 30},
           {"GenerousTitForTat", "TitForTat", 30, 30},  // never provoked
       }) {
    CAPTURE(std::string(c.first));
    CAPTURE(std::string(c.second));
    CHECK(payoffs({c.first, c.second})[0] == doctest::Approx(c.payoff_first));
    CHECK(payoffs({c.first, c.second})[1] == doctest::Approx(c.payoff_second));
    CHECK(payoffs({c.second, c.first})[1] ==
          doctest::Approx(c.payoff_first));  // seats do not matter
  }
}

TEST_CASE("strategies with chance cooperate as often as they should") {
  constexpr std::int64_t kRounds = 20'000;
  const auto cooperation = [](const char* strategy, const char* against) {
    // against a defector a move pays 0 or 1, against a cooperator 3 or 5
    const WorldResult result = play({strategy, against, kRounds});
    const double score = result.seats[0].score;
    return std::string(against) == "Defector" ? 1 - score : (5 - score) / 2;
  };
  CHECK(cooperation("Random", "Cooperator") == doctest::Approx(0.5).epsilon(0.03));
  CHECK(cooperation("Random", "Defector") == doctest::Approx(0.5).epsilon(0.03));
  CHECK(cooperation("Joss", "Cooperator") == doctest::Approx(0.9).epsilon(0.01));
  CHECK(cooperation("Joss", "Defector") < 0.001);
  CHECK(cooperation("GenerousTitForTat", "Defector") == doctest::Approx(1.0 / 3).epsilon(0.03));
  CHECK(cooperation("GenerousTitForTat", "Cooperator") == 1);
}

TEST_CASE("noise turns the share of moves that it says") {
  CHECK(payoffs({"Cooperator", "Cooperator", 10, 1})[0] == doctest::Approx(10));  // all turned
  CHECK(payoffs({"Cooperator", "Defector", 10, 1})[0] == doctest::Approx(50));
  const WorldResult result = play({"Cooperator", "Cooperator", 20'000, 0.1});
  REQUIRE(result.counters.size() == 2);
  CHECK(result.counters[0].name == "mutual_cooperation");
  CHECK(result.counters[0].value == doctest::Approx(0.81).epsilon(0.01));
  CHECK(result.counters[1] == Counter{"n_steps", 20'000});
}

TEST_CASE("noise ruins two TitForTats but not two that stay when they win") {
  const double tit_for_tat = play({"TitForTat", "TitForTat", 10'000, 0.05}).seats[0].score;
  const double pavlov = play({"WinStayLoseShift", "WinStayLoseShift", 10'000, 0.05}).seats[0].score;
  CAPTURE(tit_for_tat);
  CAPTURE(pavlov);
  CHECK(tit_for_tat == doctest::Approx(2.25).epsilon(0.05));  // each of the four outcomes as often
  CHECK(pavlov > 2.6);
}

TEST_CASE("the same task gives the same result on one world, another and after other tasks") {
  const Match match{"Random", "Joss", 100, 0.1, 7};
  const WorldSetup setup = setup_of(match);
  const auto world = dilemma().make(setup);
  const WorldResult first = play_on(*world, 7);
  const WorldResult other = play_on(*world, 8);
  CHECK(first != other);
  CHECK(play_on(*world, 7) == first);
  CHECK(play(match) == first);
}

// Pinned: a change here changes the tables of every tournament of this world.
TEST_CASE("a noisy match never changes between versions") {
  const WorldResult result = play({"GenerousTitForTat", "Random", 1000, 0.05, 42});
  CHECK(result.seats[0].agent_name == "GenerousTitForTat@0");
  CHECK(result.seats[1].agent_name == "Random@1");
  CHECK(result.seats[0].score == 2.065);
  CHECK(result.seats[1].score == 2.69);
}

TEST_CASE("payoffs that make no dilemma are refused with their values") {
  const auto make_with = [](double t, double r, double p, double s) {
    WorldSetup setup = setup_of({"TitForTat", "TitForTat"});
    setup.parameters.set("temptation", t);
    setup.parameters.set("reward", r);
    setup.parameters.set("punishment", p);
    setup.parameters.set("sucker", s);
    dilemma().make(setup);
  };
  CHECK_NOTHROW(make_with(5, 3, 1, 0));
  CHECK_NOTHROW(make_with(0, -1, -2, -3));
  CHECK_THROWS_WITH_AS(
      make_with(3, 5, 1, 0),
      "temptation = 3, reward = 5, punishment = 1, sucker = 0 make no prisoner's dilemma: it needs "
      "temptation > reward > punishment > sucker and 2 x reward > temptation + sucker",
      SetupError);
  CHECK_THROWS_AS(make_with(5, 3, 3, 0), SetupError);
  CHECK_THROWS_AS(make_with(5, 3, 1, 1), SetupError);
  CHECK_THROWS_AS(make_with(6, 3, 1, 0), SetupError);  // 2R = T + S
}

TEST_CASE("the strategies are the ten that are announced") {
  std::vector<std::string> names;
  for (const CompetitorType& type : dilemma().competitor_types) names.push_back(type.name);
  CHECK(names == std::vector<std::string>{"Cooperator", "Defector", "GenerousTitForTat", "Grudger",
                                          "Joss", "Random", "SuspiciousTitForTat", "TitForTat",
                                          "TitForTwoTats", "WinStayLoseShift"});
}

}  // namespace
}  // namespace joust
