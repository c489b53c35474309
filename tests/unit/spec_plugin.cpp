// [world] with kind = "plugin", as far as no library is needed: what stands in for the process that
// would look at it says what it declares.

#include <doctest/doctest.h>

#include "common/world_description.hpp"
#include "common/world_registry.hpp"
#include "runner/spec/spec.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

struct Asked {
  int descriptions = 0;
  std::vector<std::string> briefs;
  PluginExaminer::Allowance allowance;
};

class StandIn : public PluginExaminer {
 public:
  explicit StandIn(Asked& asked) : asked_(asked) {}
  std::string describe(const std::string&, Kind, const Allowance& allowance) const override {
    ++asked_.descriptions;
    asked_.allowance = allowance;
    return encode_world_type(*test::probe_worlds().types().front());
  }
  void check(const std::string& brief, const Allowance&) const override {
    asked_.briefs.push_back(brief);
    if (decode_brief(brief).setup.parameters.get<std::int64_t>("integer") == 13) {
      throw PluginError("cannot make a world: 13 is unlucky");
    }
  }

 private:
  Asked& asked_;
};

constexpr const char* kCompetitors =
    "[[competitor]]\ntype = \"Plain\"\nname = \"a\"\n[[competitor]]\ntype = \"Plain\"\nname = "
    "\"b\"\n"
    "[[competitor]]\ntype = \"Plain\"\nname = \"c\"\n";

struct Loaded {
  test::ScratchFolder folder;
  Asked asked;
  WorldRegistry worlds = builtin_worlds();
  spec::LoadedSpec spec;
  std::string error;

  explicit Loaded(const std::string& world, const std::string& content = "library") {
    worlds.set_plugin_examiner(std::make_unique<StandIn>(asked));
    test::write_text(folder.path() / "own.so", content);
    load("[tournament]\nname = \"t\"\n[world]\n" + world + "\n" + kCompetitors);
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

TEST_CASE("a plugin's declaration gives its parameters, defaults and competitor types") {
  const Loaded loaded(
      "plugin = \"./own.so\"\n[world.parameters]\ninteger = 8\n[workers]\n"
      "start_timeout = \"3s\"\nenv_allow = [\"MY_LICENCE\"]");
  REQUIRE(loaded.error == "");
  const WorldSetup& setup = loaded.spec.tournament.setup;
  CHECK(setup.world == "probe");
  CHECK(setup.plugin == std::filesystem::canonical(loaded.folder.path() / "own.so"));
  CHECK(setup.seats == 3);
  CHECK(setup.parameters.get<std::int64_t>("integer") == 8);
  CHECK(setup.parameters.get<double>("real") == 0.5);
  CHECK(loaded.asked.allowance.deadline == std::chrono::seconds(3));
  CHECK(loaded.asked.allowance.env_allow == std::vector<std::string>{"MY_LICENCE"});
  REQUIRE(loaded.asked.briefs.size() == 1);
  CHECK(decode_brief(loaded.asked.briefs[0]).setup.plugin == setup.plugin);
}

TEST_CASE("the content of a plugin decides results, its place does not") {
  const Loaded first("plugin = \"own.so\"");
  const Loaded same("plugin = \"./own.so\"");
  const Loaded other("plugin = \"own.so\"", "another library");
  REQUIRE(first.error == "");
  CHECK(first.spec.deciding() == same.spec.deciding());
  CHECK(first.spec.deciding() != other.spec.deciding());
  CHECK(first.spec.deciding().at("world.name") == "\"probe\"");
}

TEST_CASE("a recorded run is read without its plugin, and knows whether that has changed") {
  Loaded loaded("plugin = \"own.so\"");
  REQUIRE(loaded.error == "");
  const auto inputs = loaded.folder.path() / "inputs";
  for (const auto& [name, content] : loaded.spec.inputs) test::write_text(inputs / name, content);
  const spec::LoadedSpec begun = loaded.spec;
  CHECK(spec::changed_files(begun, inputs).empty());
  test::write_text(loaded.folder.path() / "own.so", "another library");
  CHECK(spec::changed_files(begun, inputs) ==
        std::vector<std::string>{begun.tournament.setup.plugin});
  std::filesystem::remove(loaded.folder.path() / "own.so");
  CHECK(spec::changed_files(begun, inputs).size() == 1);

  loaded.load(begun.text, inputs);
  CHECK(loaded.error == "");
  CHECK(loaded.spec.deciding() == begun.deciding());
  CHECK(loaded.spec.inputs == begun.inputs);
  CHECK(loaded.spec.tournament.setup.plugin == begun.tournament.setup.plugin);
  CHECK(loaded.asked.descriptions == 1);  // when the run began
  CHECK(loaded.asked.briefs.size() == 1);

  test::write_text(inputs / "world.plugin", "{}");
  loaded.load(begun.text, inputs);
  CHECK(loaded.error.find("[world] plugin 'own.so' was recorded in") != std::string::npos);
}

TEST_CASE("what does not fit a plugin is one clear error with its place") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plugin = \"nowhere.so\"", ":4:10: [world] plugin 'nowhere.so' is not there"},
      {"plugin = 7", ":4:10: 'plugin' in [world] must be a text in quotes; it is 7"},
      {"plugin = \"\"", "must be the path of a shared library"},
      {"plugin = \"a\\nb\"", "must be the path of a shared library"},
      {"kind = \"plugin\"", "[world] needs a 'plugin'"},
      {"kind = \"plugin\"\nname = \"noop\"", "'name' in [world] goes with kind = \"native\" only"},
      {"plugin = \"own.so\"\ncwd = \".\"", "'cwd' in [world] goes with kind = \"command\" only"},
      {"kind = \"command\"\ncommand = [\"sh\"]\nplugin = \"own.so\"",
       "'plugin' in [world] goes with kind = \"plugin\" only"},
      {"plugin = \"own.so\"\n[world.parameters]\ninteger = 13",
       ":4:10: [world] plugin 'own.so' cannot make a world: 13 is unlucky"},
      {"plugin = \"own.so\"\n[world.parameters]\nintger = 1",
       ":6:1: unknown key 'intger' in [world.parameters]; did you mean 'integer'?"},
  };
  for (const auto& [world, error] : cases) {
    CAPTURE(world);
    const Loaded loaded(world);
    CAPTURE(loaded.error);
    CHECK(loaded.error.find(error) != std::string::npos);
    CHECK(loaded.error.find("t.toml:") != std::string::npos);
  }
}

TEST_CASE("a program that loads no plugins says so") {
  const test::ScratchFolder folder;
  test::write_text(folder.path() / "own.so", "library");
  CHECK_THROWS_WITH_AS(
      spec::load_text(
          folder.path() / "t.toml",
          std::string("[tournament]\nname = \"t\"\n[world]\nplugin = \"own.so\"\n") + kCompetitors,
          builtin_worlds(), {}),
      doctest::Contains("[world] plugin 'own.so' cannot be used: this program loads no plugins"),
      spec::SpecError);
}

}  // namespace
}  // namespace joust
