#include "runner/cli/worlds_command.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

Outcome run(const WorldRegistry& worlds, const std::string& name, bool json = false) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = cli::worlds_command(worlds, name, json, out, err);
  return {code, out.str(), err.str()};
}

TEST_CASE("all worlds are listed with their summaries") {
  const Outcome outcome = run(test::probe_worlds(), "");
  CHECK(outcome.code == 0);
  CHECK(outcome.out ==
        "probe  Plays nothing.\n\n'joust worlds NAME' shows a world's parameters and competitor "
        "types.\n");
}

TEST_CASE("one world is shown with parameters, limits, defaults and competitor types") {
  const Outcome outcome = run(test::probe_worlds(), "probe");
  CAPTURE(outcome.out);
  CHECK(outcome.code == 0);
  CHECK(
      outcome.out.starts_with("probe: Plays nothing.\n"
                              "Competitors: 2 to 4 per world, 3 by default\n"
                              "\n"
                              "Parameters, for [world.parameters]:\n"
                              "  boolean: for tests\n"
                              "      true or false; default false\n"
                              "  integer (steps): for tests\n"
                              "      an integer from 1 to 100; default 7\n"));
  CHECK(
      outcome.out.ends_with("  Plain: has a name and nothing else\n"
                            "  Tuned: has a level\n"
                            "      level: for tests\n"
                            "          an integer from 1 to 10; default 5\n"
                            "  Scripted: has a file\n"
                            "      script: for tests\n"
                            "          the path of a file; default \"\"\n"));
}

TEST_CASE("a world that lets competitors play in processes of their own says so") {
  const WorldRegistry worlds = builtin_worlds();
  for (const auto& type : worlds.types()) {
    CAPTURE(type->name);
    const bool is_told =
        run(worlds, type->name).out.find("process of its own") != std::string::npos;
    CHECK(is_told == (type->name == "prisoners-dilemma" || type->name.starts_with("scml-")));
  }
}

TEST_CASE("an unknown world is a usage error that names the nearest") {
  const Outcome outcome = run(builtin_worlds(), "prisoner-dilema");
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(outcome.err ==
        "joust: there is no world 'prisoner-dilema'; did you mean 'prisoners-dilemma'?\n");
}

TEST_CASE("as JSON every world comes whole") {
  const WorldRegistry worlds = builtin_worlds();
  const auto all = nlohmann::json::parse(run(worlds, "", true).out);
  REQUIRE(all.size() == worlds.types().size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const WorldType& type = *worlds.types()[i];
    CAPTURE(type.name);
    CHECK(all[i].at("name") == type.name);
    CHECK(all[i].at("parameters").size() == type.parameters.size());
    CHECK(all[i].at("competitor_types").size() == type.competitor_types.size());
    CHECK(nlohmann::json::parse(run(worlds, type.name, true).out) == all[i]);
  }
}

// A mistake in a declaration would only show when somebody uses that parameter.
TEST_CASE("a world that explains itself names its tables") {
  const WorldRegistry worlds = builtin_worlds();
  for (const auto& type : worlds.types()) {
    CAPTURE(type->name);
    const bool told =
        run(worlds, type->name).out.find("joust replay --trace: ") != std::string::npos;
    CHECK(told == !type->tables.empty());
  }
  CHECK(
      run(worlds, "scml-oneshot").out.ends_with(": contracts.csv, negotiations.csv, stats.csv\n"));
}

TEST_CASE("every built-in default is of its kind and within its own limits") {
  const WorldRegistry worlds = builtin_worlds();
  for (const auto& type : worlds.types()) {
    std::vector<ParameterInfo> all = type->parameters;
    for (const CompetitorType& competitor : type->competitor_types) {
      all.insert(all.end(), competitor.parameters.begin(), competitor.parameters.end());
    }
    std::string text;
    for (const ParameterInfo& info : type->parameters) {
      if (info.kind != ParameterKind::file) {
        text += info.name + " = " + to_text(info, info.default_value) + "\n";
      }
    }
    CAPTURE(type->name);
    CAPTURE(text);
    CHECK(type->min_seats >= 1);
    CHECK(type->min_seats <= type->default_seats);
    CHECK(type->default_seats <= type->max_seats);
    if (type->is_open) continue;  // it declares nothing
    CHECK_FALSE(type->competitor_types.empty());
    std::string spec = "[tournament]\nname = \"t\"\n[world]\nname = \"" + type->name +
                       "\"\n[world.parameters]\n" + text;
    for (std::uint32_t seat = 0; seat < type->default_seats; ++seat) {
      spec += "[[competitor]]\ntype = \"" + type->competitor_types.front().name + "\"\nname = \"" +
              std::to_string(seat) + "\"\n";
    }
    const test::SpecFolder folder;
    CHECK_NOTHROW(spec::load(folder.write("spec.toml", spec), worlds, {}));
  }
}

TEST_CASE("the example of the prisoner's dilemma loads, with 900 worlds") {
  const spec::LoadedSpec spec =
      spec::load(JOUST_SOURCE_DIR "/tools/examples/prisoners-dilemma.toml", builtin_worlds(), {});
  CHECK(Plan(spec.tournament.shape).worlds() == 900);
  CHECK(Plan(spec.tournament.shape).worlds_per_competitor() == 180);
  CHECK(spec.warnings.empty());
}

}  // namespace
}  // namespace joust
