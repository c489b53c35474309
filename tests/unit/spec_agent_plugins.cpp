// [[competitor]] with a `plugin`, as far as no library is needed: what stands in for the process
// that would look at it says what it declares.

#include <doctest/doctest.h>

#include "common/world_description.hpp"
#include "common/world_registry.hpp"
#include "runner/spec/spec.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

struct Asked {
  std::vector<PluginExaminer::Kind> kinds;
  std::vector<WorkerBrief> briefs;
};

class StandIn : public PluginExaminer {
 public:
  explicit StandIn(Asked& asked) : asked_(asked) {}
  std::string describe(const std::string&, Kind kind, const Allowance&) const override {
    asked_.kinds.push_back(kind);
    ParameterInfo level;
    level.name = "level";
    level.default_value = std::int64_t{5};
    level.minimum = 1;
    level.maximum = 10;
    return encode_agent_types({{"Hers", "plays", {level}}, {"His", "plays", {}}});
  }
  void check(const std::string& brief, const Allowance&) const override {
    asked_.briefs.push_back(decode_brief(brief));
    const Competitor& competitor = asked_.briefs.back().setup.competitors.front();
    if (competitor.type == "Hers" && competitor.parameters.get<std::int64_t>("level") == 7) {
      throw PluginError("cannot make an agent: 7 is taken");
    }
  }

 private:
  Asked& asked_;
};

struct Loaded {
  test::ScratchFolder folder;
  Asked asked;
  WorldRegistry worlds = builtin_worlds();
  spec::LoadedSpec spec;
  std::string error;

  // `competitor` begins in line 4.
  explicit Loaded(const std::string& competitor, const std::string& content = "library") {
    worlds.set_plugin_examiner(std::make_unique<StandIn>(asked));
    test::write_text(folder.path() / "own.so", content);
    load("[tournament]\nname = \"t\"\n[[competitor]]\n" + competitor +
         "\n[[competitor]]\ntype = \"NiceAgent\"\n[[competitor]]\ntype = \"DoNothingAgent\"\n"
         "[world]\nname = \"scml-oneshot\"\n");
  }

  void load(const std::string& text,
            const std::optional<std::filesystem::path>& inputs = std::nullopt) {
    try {
      spec = spec::load_text(folder.path() / "t.toml", text, worlds, {}, inputs);
    } catch (const spec::SpecError& thrown) {
      error = thrown.what();
    }
  }
};

constexpr const char* kHers = "plugin = \"own.so\"\ntype = \"Hers\"\n";

TEST_CASE("a library's declaration gives a competitor its type and parameters") {
  const Loaded loaded(std::string(kHers) + "[competitor.parameters]\nlevel = 8");
  REQUIRE(loaded.error == "");
  const WorldSetup& setup = loaded.spec.tournament.setup;
  CHECK(setup.needs_plugins());
  CHECK(setup.plugin.empty());
  REQUIRE(setup.competitors.size() == 3);
  CHECK(setup.competitors[0].plugin == std::filesystem::canonical(loaded.folder.path() / "own.so"));
  CHECK(setup.competitors[0].parameters.get<std::int64_t>("level") == 8);
  CHECK(setup.competitors[1].plugin.empty());
  REQUIRE(loaded.asked.briefs.size() == 1);
  CHECK(loaded.asked.briefs[0].setup.competitors ==
        std::vector<Competitor>{setup.competitors.front()});
}

TEST_CASE("a library is looked at once, and each of its competitors is checked") {
  const Loaded loaded(std::string(kHers) +
                      "[[competitor]]\nplugin = \"own.so\"\ntype = \"His\"\nisolation = "
                      "\"process\"");
  REQUIRE(loaded.error == "");
  CHECK(loaded.asked.kinds == std::vector<PluginExaminer::Kind>{PluginExaminer::Kind::agents});
  REQUIRE(loaded.asked.briefs.size() == 2);
  CHECK(loaded.asked.briefs[1].setup.competitors.front().type == "His");
  CHECK_FALSE(loaded.asked.briefs[1].setup.competitors.front().agent.isolated);
  CHECK(loaded.spec.tournament.setup.competitors[1].agent.isolated);
}

TEST_CASE("the content of a library decides results, its place does not") {
  const Loaded first(kHers);
  const Loaded same("plugin = \"./own.so\"\ntype = \"Hers\"\n");
  const Loaded other(kHers, "another library");
  REQUIRE(first.error == "");
  CHECK(first.spec.deciding() == same.spec.deciding());
  CHECK(first.spec.deciding() != other.spec.deciding());
  CHECK(first.spec.deciding().count("competitor.Hers.files") == 1);
}

TEST_CASE("a recorded run is read without its library, and knows whether that has changed") {
  Loaded loaded(kHers);
  REQUIRE(loaded.error == "");
  const auto inputs = loaded.folder.path() / "inputs";
  for (const auto& [name, content] : loaded.spec.inputs) test::write_text(inputs / name, content);
  const spec::LoadedSpec begun = loaded.spec;
  CHECK(spec::changed_files(begun, inputs).empty());
  test::write_text(loaded.folder.path() / "own.so", "another library");
  CHECK(spec::changed_files(begun, inputs) ==
        std::vector<std::string>{begun.tournament.setup.competitors[0].plugin});
  std::filesystem::remove(loaded.folder.path() / "own.so");
  CHECK(spec::changed_files(begun, inputs).size() == 1);

  loaded.load(begun.text, inputs);
  CHECK(loaded.error == "");
  CHECK(loaded.spec.deciding() == begun.deciding());
  CHECK(loaded.spec.inputs == begun.inputs);
  CHECK(loaded.spec.tournament.setup.competitors == begun.tournament.setup.competitors);
  CHECK(loaded.asked.kinds.size() == 1);  // when the run began
  CHECK(loaded.asked.briefs.size() == 1);

  test::write_text(inputs / "competitor.Hers.plugin", "{}");
  loaded.load(begun.text, inputs);
  CAPTURE(loaded.error);
  CHECK(loaded.error.find("[[competitor]] plugin 'own.so' cannot be described: the declaration of "
                          "agents can not be read") != std::string::npos);
  test::write_text(inputs / "competitor.Hers.files", "");
  loaded.load(begun.text, inputs);
  CHECK(loaded.error.find("[[competitor]] plugin 'own.so' was recorded, but") != std::string::npos);
}

TEST_CASE("what does not fit a library is one clear error with its place") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plugin = \"nowhere.so\"\ntype = \"Hers\"",
       ":4:10: [[competitor]] plugin 'nowhere.so' is not there"},
      {"plugin = 7\ntype = \"Hers\"",
       ":4:10: 'plugin' in [[competitor]] must be a text in quotes; it is 7"},
      {"plugin = \"\"\ntype = \"Hers\"", "must be the path of a shared library"},
      {"plugin = \"a\\nb\"\ntype = \"Hers\"", "must be the path of a shared library"},
      {"plugin = \"own.so\"", "[[competitor]] needs a 'type'"},
      {"plugin = \"own.so\"\ntype = \"NiceAgent\"", "has no competitor type 'NiceAgent'"},
      {"plugin = \"own.so\"\ntype = \"Hers\"\ncommand = [\"sh\"]",
       ":4:1: 'plugin' and 'command' in [[competitor]] do not go together"},
      {"plugin = \"own.so\"\ntype = \"Hers\"\ncwd = \".\"", "'cwd' in [[competitor]] goes with"},
      {"plugin = \"own.so\"\ntype = \"Hers\"\n[competitor.parameters]\nlevel = 7",
       ":4:10: [[competitor]] plugin 'own.so' cannot make an agent: 7 is taken"},
      {"plugin = \"own.so\"\ntype = \"Hers\"\n[competitor.parameters]\nlevl = 1",
       ":7:1: unknown key 'levl' in [competitor.parameters] of 'Hers'; did you mean 'level'?"},
      {"plugn = \"own.so\"\ntype = \"Hers\"",
       ":4:1: unknown key 'plugn' in [[competitor]]; did you mean 'plugin'?"},
  };
  for (const auto& [competitor, error] : cases) {
    CAPTURE(competitor);
    const Loaded loaded(competitor);
    CAPTURE(loaded.error);
    CHECK(loaded.error.find(error) != std::string::npos);
    CHECK(loaded.error.find("t.toml:") != std::string::npos);
  }
}

TEST_CASE("only worlds that say so play agents of libraries") {
  Loaded loaded(kHers);
  for (const std::string world : {"name = \"prisoners-dilemma\"", "name = \"noop\"",
                                  "kind = \"command\"\ncommand = [\"sh\"]"}) {
    CAPTURE(world);
    loaded.error.clear();
    loaded.load("[tournament]\nname = \"t\"\n[world]\n" + world + "\n[[competitor]]\n" + kHers);
    CHECK(loaded.error.find("plays no agents of shared libraries; worlds that do: scml-oneshot, "
                            "scml-std") != std::string::npos);
  }
}

TEST_CASE("a program that loads no libraries says so") {
  Loaded loaded(kHers);
  loaded.worlds.set_plugin_examiner(nullptr);
  loaded.error.clear();
  loaded.load(loaded.spec.text);
  CHECK(loaded.error.find("[[competitor]] plugin 'own.so' cannot be used: this program loads no "
                          "plugins") != std::string::npos);
}

}  // namespace
}  // namespace joust
