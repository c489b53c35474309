// [world] with kind = "command": what a spec may say of a program, and the errors where it may not.

#include <doctest/doctest.h>

#include "common/hash.hpp"
#include "common/world_registry.hpp"
#include "runner/spec/spec.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

constexpr const char* kCompetitors =
    "[[competitor]]\ntype = \"my.agents:Deep\"\nname = \"Ann\"\n[competitor.parameters]\n"
    "depth = 3\nopenings = [\"e4\", { d4 = 0.5 }]\n[[competitor]]\ntype = \"other\"\n";

struct Loaded {
  test::ScratchFolder folder;
  spec::LoadedSpec spec;
  std::string error;

  explicit Loaded(const std::string& world, const std::string& competitors = kCompetitors) {
    test::write_text(folder.path() / "play.py", "print(1)");
    try {
      spec = spec::load_text(folder.path() / "t.toml",
                             "[tournament]\nname = \"t\"\n[world]\n" + world + "\n" + competitors,
                             builtin_worlds(), {});
    } catch (const spec::SpecError& thrown) {
      error = thrown.what();
    }
  }
};

TEST_CASE("a program's parameters and competitor types are passed on as they are") {
  const Loaded loaded(
      "kind = \"command\"\ncommand = [\"sh\", \"play.py\"]\n[world.parameters]\nquick = true");
  REQUIRE(loaded.error == "");
  const WorldSetup& setup = loaded.spec.tournament.setup;
  CHECK(setup.world == "command");
  CHECK(setup.command.folder == std::filesystem::canonical(loaded.folder.path()).string());
  CHECK(setup.parameters.get<JsonText>("quick").text == "true");
  CHECK(setup.competitors[0].type == "my.agents:Deep");
  CHECK(setup.competitors[0].parameters.get<JsonText>("openings").text == R"(["e4",{"d4":0.5}])");
  CHECK(setup.competitors[1].name == "other");
}

TEST_CASE("the content of the files that a command names decides results") {
  const std::string world = "kind = \"command\"\ncommand = [\"sh\", \"play.py\", \"no-file\"]";
  const Loaded first(world);
  REQUIRE(first.error == "");
  const Loaded second(world);
  CHECK(first.spec.deciding().at("world.files") == second.spec.deciding().at("world.files"));
  const Loaded other("kind = \"command\"\ncommand = [\"sh\", \"t.toml\"]");
  CHECK(first.spec.deciding().at("world.files") != other.spec.deciding().at("world.files"));
}

TEST_CASE("what cannot be started or passed on is one clear error with its place") {
  const std::string command = "kind = \"command\"\ncommand = [\"sh\"]\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"kind = \"command\"", "[world] needs a 'command'"},
      {"kind = \"command\"\ncommand = []", "must begin with a program"},
      {"kind = \"command\"\ncommand = [\"no-such-program\"]",
       ":5:11: 'command' in [world]: there is no program 'no-such-program' in the folders of PATH"},
      {"kind = \"command\"\ncommand = [\"./play.py\"]", "there is no program './play.py' in"},
      {command + "cwd = \"nowhere\"", "there is no folder"},
      {command + "name = \"noop\"", "'name' in [world] goes with kind = \"native\" only"},
      {"name = \"noop\"\ncommand = [\"sh\"]", "goes with kind = \"command\" only"},
      {"name = \"command\"", "write kind = \"command\" instead of the name"},
      {"kind = \"command\"\ncommand = [\"./\"]", "there is no program './' in"},
      {command + "env = { JOUST_RUN = \"x\" }", "joust itself sets the variables JOUST_*"},
      {command + "scores = \"csv\"", "'scores' in [world] goes with one_shot = true only"},
      {command + "one_shot = true\nmemory_limit = \"1GiB\"", "goes with one_shot = false only"},
      {command + "env = { A = 1 }", "'A' in [world] env must be a text in quotes; it is 1"},
      {command + "parameters = { when = 2026-01-01 }",
       "JSON, which it is passed on as, has no dates"},
      {command + "parameters = { x = nan }", "has no nan or inf"},
      {command + "one_shot = true\nscores = \"regex\"\nscore_regex = \"(a\"",
       "is no regular expression"},
      {command + "one_shot = true\nscores = \"regex\"", "must have one group"},
      {"kind = \"command\"\ncommand = [\"sh\", \"${sead}\"]\none_shot = true",
       "there is no placeholder ${sead}"},
  };
  for (const auto& [world, error] : cases) {
    CAPTURE(world);
    const Loaded loaded(world);
    CAPTURE(loaded.error);
    CHECK(loaded.error.find(error) != std::string::npos);
    CHECK(loaded.error.find("t.toml:") != std::string::npos);
  }
}

}  // namespace
}  // namespace joust
