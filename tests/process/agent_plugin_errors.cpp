// Whatever is wrong with a library of agents before it plays is one clear error with its place, and
// nothing is written.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/sanitizer.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_plugin.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// The library stands in line 9, column 10.
std::string spec_of(const std::string& library, const std::string& more = "type = \"One\"",
                    const std::string& world = "name = \"scml-oneshot\"") {
  return fmt::format(
      "[tournament]\nname = \"t\"\ncompetitors_per_world = 2\n[world]\n{}\n"
      "[[competitor]]\ntype = \"NiceAgent\"\n[[competitor]]\nplugin = \"{}\"\n{}\n",
      world, library, more);
}

// What `joust run` says of a spec that it must not play.
Finished run(const std::string& spec, const std::string& deed = "",
             const std::string& of_workers = "") {
  const ScratchFolder folder;
  write_text(folder.path() / "t.toml", spec + of_workers);
  write_text(folder.path() / "text.so", "no library");
  JoustOptions options = asked_to(deed);
  options.folder = folder.path();
  const Finished finished = joust({"run", "t.toml", "--out", "run"}, options);
  if (finished.code != 0) CHECK_FALSE(fs::exists(folder.path() / "run"));
  return finished;
}

TEST_CASE("a library of agents that cannot be used is one clear error with its place") {
  REQUIRE(run(spec_of(library("broken_agents"))).code == 0);
  const std::vector<std::pair<std::string, std::string>> deeds = {
      {"null", "returned null from its function 'joust_agents_entry'"},
      {"other version",
       "was built for version 7 of joust's plugin interface, and joust " JOUST_VERSION
       " has version 1: build it again with the header"},
      {"short", "says that its struct joust_agents has 16 bytes"},
      {"short types", "declares types of 8 bytes each; set type_size to"},
      {"trouble", "cannot be used, as it says: no licence"},
      {"no types", "declares no type of agents: nobody could play"},
      {"bad name", "declares a type of agents named 'a b': its name must be 1 to 64 of"},
      {"twice", "declares the type of agents 'One' twice"},
      {"no act",
       "declares the type of agents 'One' without one of its functions create, act and destroy"},
      {"bad default",
       "declares a parameter 'level' of the type of agents 'One' whose default is not among the "
       "values"},
      {"exit when made", "ended with exit code 5 while its agent was made"},
      {"hang when made", "hung: it did not return within 500ms while its agent was made"},
      {"null when made", "cannot make an agent: it did not say why"},
      {"refuse", "cannot make an agent: it is closed today"},
  };
  for (const auto& [deed, text] : deeds) {
    CAPTURE(deed);
    const bool hangs = deed.starts_with("hang");
    const Finished finished = run(spec_of(library("broken_agents")), deed,
                                  hangs ? "[workers]\nstart_timeout = \"500ms\"\n" : "");
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(finished.err.starts_with(
        fmt::format("joust: t.toml:9:10: [[competitor]] plugin '{}' ", library("broken_agents"))));
    CHECK(has(finished.err, text));
  }
}

TEST_CASE("a file that is no library of agents is one clear error with its place") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {library("empty"),
       "has no symbol 'joust_agents_entry': write JOUST_AGENTS(YourAgent) in one of its sources"},
      {library("mirror"),
       "has no symbol 'joust_agents_entry': it is a world, which [world] names. For agents, write"},
      {"./nowhere.so", "[[competitor]] plugin './nowhere.so' is not there: there is no file"},
      {"./text.so", "[[competitor]] plugin './text.so' cannot be loaded: "},
      {".", "is not there: there is no file"},
      {"", "'plugin' in [[competitor]] must be the path of a shared library; it is \"\""},
  };
  for (const auto& [file, text] : cases) {
    CAPTURE(file);
    const Finished finished = run(spec_of(file));
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(finished.err.starts_with("joust: t.toml:9:10: "));
    CHECK(has(finished.err, text));
  }
  const Finished as_world = run(plugin_toml(library("agents")));
  CHECK(as_world.code == 2);
  CHECK(has(as_world.err,
            "has no symbol 'joust_plugin_entry': it has agents, which [[competitor]] names. For a "
            "world, write JOUST_PLUGIN(YourWorld)"));
}

TEST_CASE("what a spec says is checked against what the library declares") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"type = \"Friendli\"", ":10:8: the plugin " + library("agents") +
                                  " has no competitor type 'Friendli'; did you mean 'Friendly'?"},
      {"type = \"GreedyOneShotAgent\"",
       "has no competitor type 'GreedyOneShotAgent'; known: Friendly, Silent, Checker, Rogue"},
      {"name = \"Ann\"", ":8:1: [[competitor]] needs a 'type'"},
      {"type = \"Friendly\"\n[competitor.parameters]\ngreet = 1",
       ":12:1: unknown key 'greet' in [competitor.parameters] of 'Friendly'; did you mean "
       "'greed'?"},
      {"type = \"Friendly\"\n[competitor.parameters]\ngreed = 2",
       ":12:9: 'greed' in [competitor.parameters] of 'Friendly' must be a number from 0 to 1; it "
       "is 2"},
      {"type = \"Friendly\"\n[competitor.parameters]\ngreed = 1\nmood = \"merry\"",
       ":9:10: [[competitor]] plugin '" + library("agents") +
           "' cannot make an agent: greed = 1 is no merry thing"},
      {"type = \"Friendly\"\ncommand = [\"sh\"]",
       ":9:1: 'plugin' and 'command' in [[competitor]] do not go together"},
      {"type = \"Rogue\"\n[competitor.parameters]\ndeed = \"throw when made\"",
       "cannot make an agent: it was never meant to be"},
      {"type = \"Rogue\"\nisolation = \"process\"\n[competitor.parameters]\ndeed = \"throw when "
       "made\"",
       "cannot make an agent: it was never meant to be"},
      {"type = \"Rogue\"\n[competitor.parameters]\ndeed = \"crash when made\"",
       kSanitized ? "ended with exit code 1 while its agent was made"
                  : "crashed with signal 11 (SIGSEGV) while its agent was made"},
  };
  for (const auto& [more, text] : cases) {
    CAPTURE(more);
    const Finished finished = run(spec_of(library("agents"), more));
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(has(finished.err, text));
  }
  const Finished elsewhere =
      run(fmt::format("[tournament]\nname = \"t\"\n[world]\nname = \"prisoners-dilemma\"\n"
                      "[[competitor]]\ntype = \"Grudger\"\n"
                      "[[competitor]]\nplugin = \"{}\"\ntype = \"Silent\"\n",
                      library("agents")));
  CHECK(elsewhere.code == 2);
  CHECK(has(elsewhere.err,
            "t.toml:8:1: the world prisoners-dilemma plays no agents of shared libraries; worlds "
            "that do: scml-oneshot, scml-std"));
}

TEST_CASE("joust plan and joust worlds show what a library of agents declares") {
  const ScratchFolder folder;
  write_text(folder.path() / "t.toml", spec_of(library("agents"), "type = \"Friendly\""));
  const Finished plan = joust({"plan", (folder.path() / "t.toml").string()});
  CAPTURE(plan.out);
  CHECK(plan.code == 0);
  CHECK(has(plan.out, "competitor.Friendly.plugin"));
  CHECK(has(plan.out, "competitor.Friendly.files"));
  CHECK(has(plan.out, "competitor.Friendly.parameters.greed"));

  const Finished text = joust({"worlds", library("agents")});
  CHECK(text.code == 0);
  CAPTURE(text.out);
  CHECK(text.out.starts_with("Agents, for [[competitor]] beside plugin; "));
  CHECK(has(text.out, "  Friendly: accepts everything\n      greed: of its own offers\n"));
  const Finished json = joust({"worlds", library("agents"), "--json"});
  CHECK(nlohmann::json::parse(json.out).at("competitor_types").size() == 4);
  const Finished oneshot = joust({"worlds", "scml-oneshot"});
  CHECK(has(oneshot.out, "Shared libraries may have more types (plugin = \"./libmyagent.so\")."));

  const Finished broken = joust({"worlds", library("broken_agents")}, asked_to("twice"));
  CHECK(broken.code == 2);
  CHECK(has(broken.err, "declares the type of agents 'One' twice"));
}

}  // namespace
}  // namespace joust::test
