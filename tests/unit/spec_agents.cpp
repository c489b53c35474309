// A [[competitor]] in a process of its own: what a spec may say of it, and the errors where it may
// not.

#include <doctest/doctest.h>

#include <algorithm>

#include "common/world_registry.hpp"
#include "runner/spec/spec.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

struct Loaded {
  test::ScratchFolder folder;
  spec::LoadedSpec spec;
  std::string error;

  // A second competitor and a world go with it; `competitor` begins on line 4.
  explicit Loaded(const std::string& competitor, const std::string& world = "prisoners-dilemma",
                  const std::string& more = "") {
    test::write_text(folder.path() / "agent.py", "print(1)");
    const std::string other = world == "prisoners-dilemma" ? "TitForTat" : "idle";
    try {
      spec = spec::load_text(
          folder.path() / "t.toml",
          "[tournament]\nname = \"t\"\n[[competitor]]\n" + competitor +
              "\n[[competitor]]\ntype = \"" + other + "\"\nname = \"Other\"\n" +
              (world == "command" ? "[world]\nkind = \"command\"\ncommand = [\"sh\"]"
                                  : "[world]\nname = \"" + world + "\"") +
              "\n" + more,
          builtin_worlds(), {});
    } catch (const spec::SpecError& thrown) {
      error = thrown.what();
    }
  }

  // The value of a resolved key, or "none".
  std::string value_of(const std::string& name) const {
    const auto key = std::find_if(spec.keys.begin(), spec.keys.end(),
                                  [&](const spec::ResolvedKey& each) { return each.key == name; });
    return key == spec.keys.end() ? "none" : key->value;
  }
};

TEST_CASE("a competitor plays within the worker unless it says otherwise") {
  const Loaded loaded("type = \"Grudger\"");
  REQUIRE(loaded.error == "");
  CHECK_FALSE(loaded.spec.tournament.setup.competitors[0].agent.isolated);
  CHECK(loaded.value_of("competitor.Grudger.isolation") == "\"none\"");
  CHECK(loaded.value_of("competitor.Grudger.move_deadline") == "none");
  CHECK_FALSE(loaded.spec.deciding().contains("competitor.Grudger.isolation"));
}

TEST_CASE("a built-in type can play in a process of its own") {
  const Loaded loaded("type = \"Grudger\"\nisolation = \"process\"\non_failure = \"void\"",
                      "prisoners-dilemma",
                      "[workers]\nstart_timeout = \"7s\"\nenv_allow = [\"MY_LICENCE\"]\n");
  REQUIRE(loaded.error == "");
  const AgentSetup& agent = loaded.spec.tournament.setup.competitors[0].agent;
  CHECK(agent.isolated);
  CHECK_FALSE(agent.is_own_program());
  CHECK(agent.move_deadline == std::chrono::seconds(2));
  CHECK(agent.on_failure == AgentSetup::OnFailure::void_world);
  CHECK(agent.program.start_timeout == std::chrono::seconds(7));
  CHECK(agent.program.env_allow == std::vector<std::string>{"MY_LICENCE"});
  const auto deciding = loaded.spec.deciding();
  CHECK(deciding.at("competitor.Grudger.isolation") == "\"process\"");
  CHECK(deciding.at("competitor.Grudger.move_deadline") == "\"2s\"");
  CHECK(deciding.at("competitor.Grudger.on_failure") == "\"void\"");
}

TEST_CASE("a command is an agent of its own, with any parameters") {
  const Loaded loaded(
      "name = \"Ann\"\ncommand = [\"sh\", \"agent.py\"]\nmove_deadline = \"50ms\"\n"
      "env = { B = \"2\", A = \"1\" }\n[competitor.parameters]\nmood = [\"x\", { y = 0.5 }]");
  REQUIRE(loaded.error == "");
  const Competitor& ann = loaded.spec.tournament.setup.competitors[0];
  CHECK(ann.type == "program");
  CHECK(ann.agent.is_own_program());
  CHECK(ann.agent.program.command == std::vector<std::string>{"sh", "agent.py"});
  CHECK(ann.agent.program.folder == std::filesystem::canonical(loaded.folder.path()).string());
  CHECK(ann.agent.program.environment == std::vector<std::string>{"A=1", "B=2"});
  CHECK(ann.agent.move_deadline == std::chrono::milliseconds(50));
  CHECK(ann.parameters.get<JsonText>("mood").text == R"(["x",{"y":0.5}])");
  CHECK(loaded.value_of("competitor.Ann.isolation") == "\"process\"");
  CHECK(loaded.value_of("competitor.Ann.type") == "\"program\"");
}

TEST_CASE("the content of the files that an agent's command names decides results") {
  const std::string ann = "name = \"Ann\"\ncommand = [\"sh\", \"agent.py\"]";
  const Loaded first(ann);
  REQUIRE(first.error == "");
  const Loaded other("name = \"Ann\"\ncommand = [\"sh\", \"t.toml\"]");
  CHECK(first.spec.deciding().at("competitor.Ann.files") ==
        Loaded(ann).spec.deciding().at("competitor.Ann.files"));
  CHECK(first.spec.deciding().at("competitor.Ann.files") !=
        other.spec.deciding().at("competitor.Ann.files"));

  const std::filesystem::path inputs = first.folder.path() / "inputs";
  std::filesystem::create_directory(inputs);
  for (const auto& [name, content] : first.spec.inputs) test::write_text(inputs / name, content);
  CHECK(spec::changed_files(first.spec, inputs).empty());
  test::write_text(first.folder.path() / "agent.py", "print(2)");
  const auto changed = spec::changed_files(first.spec, inputs);
  REQUIRE(changed.size() == 1);
  CHECK(changed[0].ends_with("/agent.py"));
}

TEST_CASE("agents that say nothing of their time share the world's deadline, and leave it a part") {
  const Loaded shared("type = \"Grudger\"\nisolation = \"process\"");
  CHECK(shared.spec.tournament.setup.competitors.at(0).agent.time_budget ==
        std::chrono::minutes(5));
  const Loaded given("type = \"Grudger\"\nisolation = \"process\"\ntime_budget = \"3m\"");
  CHECK(given.spec.tournament.setup.competitors.at(0).agent.time_budget == std::chrono::minutes(3));
}

TEST_CASE("what would have no effect, or cannot be, is one clear error with its place") {
  const std::string grudger = "type = \"Grudger\"\n";
  const std::string isolated = grudger + "isolation = \"process\"\n";
  const std::string program = "name = \"A\"\ncommand = [\"sh\"]\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {grudger + "isolation = \"thread\"",
       ":5:13: 'isolation' in [[competitor]] must be one of \"none\", \"process\"; it is "
       "\"thread\""},
      {grudger + "move_deadline = \"1s\"",
       ":5:1: 'move_deadline' in [[competitor]] goes with isolation = \"process\" only"},
      {grudger + "on_failure = \"void\"", ":5:1: 'on_failure' in [[competitor]] goes with"},
      {isolated + "cwd = \".\"", ":6:1: 'cwd' in [[competitor]] goes with a 'command' only"},
      {isolated + "env = {}", "'env' in [[competitor]] goes with a 'command' only"},
      {isolated + "move_deadline = \"1m\"",
       "'stall_timeout' in [world] (1m) must be longer than 'move_deadline' of Grudger (1m)"},
      {isolated + "time_budget = \"20m\"",
       "'deadline' in [world] (15m) must be longer than 'time_budget' of Grudger (20m)"},
      {isolated + "move_deadline = \"0s\"",
       "must be a duration such as \"250ms\" or \"15m\", from 1ms to 1h"},
      {isolated + "move_deadline = 2", ":6:17: 'move_deadline' in [[competitor]] must be"},
      {isolated + "on_failure = \"weep\"", "must be one of \"forfeit\", \"void\""},
      {"isolation = \"process\"", "[[competitor]] needs a 'type'"},
      {"command = [\"sh\"]", "needs a 'name' where its 'command' says what plays"},
      {program + "isolation = \"none\"",
       ":5:1: 'command' in [[competitor]] goes with isolation = \"process\" only"},
      {"name = \"A\"\ncommand = []", "'command' in [[competitor]] must begin with a program"},
      {"name = \"A\"\ncommand = [\"no-such-program\"]",
       ":5:11: 'command' in [[competitor]]: there is no program 'no-such-program' in the folders"},
      {program + "cwd = \"nowhere\"", ":6:7: 'cwd' in [[competitor]]: there is no folder"},
      {program + "env = { JOUST_X = \"1\" }", "joust itself sets the variables JOUST_*"},
      {program + "[competitor.parameters]\nwhen = 2026-01-01", "has no dates"},
      {program + "comand = [\"sh\"]", "unknown key 'comand' in [[competitor]]; did you mean"},
      {isolated + "[competitor.parameters]\nx = 1", "unknown key 'x'"},
  };
  for (const auto& [competitor, error] : cases) {
    CAPTURE(competitor);
    const Loaded loaded(competitor);
    CAPTURE(loaded.error);
    CHECK(loaded.error.find(error) != std::string::npos);
    CHECK(loaded.error.find("t.toml:") != std::string::npos);
  }
}

TEST_CASE("a world that cannot host agents says so") {
  const Loaded noop("type = \"Any\"\nisolation = \"process\"", "noop");
  CHECK(noop.error.find(":5:13: the world noop cannot let a competitor play in a process of its "
                        "own; 'joust worlds NAME' says which can") != std::string::npos);
  const Loaded command("name = \"A\"\ncommand = [\"sh\"]", "command");
  CHECK(command.error.find(": its program starts what it needs itself") != std::string::npos);
  CHECK(Loaded("type = \"x\"\nisolation = \"none\"", "command").error == "");
}

}  // namespace
}  // namespace joust
