// Whatever is wrong with a plugin before it plays is one clear error, and costs joust nothing.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "common/sanitizer.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_plugin.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// What `joust plan` says of a spec.
Finished plan(const std::string& spec, const std::string& deed = "") {
  const ScratchFolder folder;
  write_text(folder.path() / "t.toml", spec);
  write_text(folder.path() / "text.so", "no library");
  JoustOptions options = asked_to(deed);
  options.folder = folder.path();
  return joust({"plan", "t.toml"}, options);
}

// ASan makes an exit of a crash.
std::string segmentation_fault() {
  return kSanitized ? "ended with exit code 1" : "crashed with signal 11 (SIGSEGV)";
}

TEST_CASE("a plugin that cannot be used is one clear error with its place") {
  REQUIRE(plan(plugin_toml(library("broken"))).code == 0);
  const std::vector<std::pair<std::string, std::string>> deeds = {
      {"crash when loaded",
       "crashed with signal 9 (SIGKILL) while it was loaded; its last words: the last words of a "
       "constructor"},
      {"exit when loaded", "ended with exit code 3 while it was loaded"},
      {"throw when loaded", "crashed with signal 6 (SIGABRT) while it was loaded"},
      {"throw when loaded", "nobody can catch this"},
      {"hang when loaded", "hung: it did not return within 500ms while it was loaded"},
      {"crash when read", "crashed with signal 9 (SIGKILL) while it was loaded"},
      {"null", "returned null from its function 'joust_plugin_entry'"},
      {"other version",
       "was built for version 7 of joust's plugin interface, and joust " JOUST_VERSION
       " has version 1: build it again with the header"},
      {"short", "says that its struct joust_plugin has 16 bytes"},
      {"trouble", "cannot be used, as it says: no licence"},
      {"no create", "lacks one of its functions create, play and destroy"},
      {"bad name", "declares a world named 'a b'"},
      {"bad seats", "declares min_seats = 0, default_seats = 0, max_seats = 0"},
      {"no types", "declares no competitor type"},
      {"crash when made", segmentation_fault() + " while its world was made"},
      {"hang when made", "hung: it did not return within 500ms while its world was made"},
      {"exit when made", "ended with exit code 0 while its world was made"},
      {"throw when made", "cannot make a world: across the border"},
      {"null when made", "cannot make a world: it did not say why"},
      {"refuse", "cannot make a world: it is closed today"},
      {"crash when destroyed", "crashed with signal 9 (SIGKILL) while its world was destroyed"},
  };
  for (const auto& [deed, text] : deeds) {
    CAPTURE(deed);
    const bool hangs = deed.starts_with("hang");
    const Finished finished =
        plan(plugin_toml(library("broken"), "", hangs ? "start_timeout = \"500ms\"" : ""), deed);
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(finished.err.starts_with(
        fmt::format("joust: t.toml:5:10: [world] plugin '{}' ", library("broken"))));
    CHECK(has(finished.err, text));
  }
}

TEST_CASE("a file that is no plugin is one clear error with its place") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {library("empty"),
       "has no symbol 'joust_plugin_entry': write JOUST_PLUGIN(YourWorld) in one of its sources"},
      {"./nowhere.so", "[world] plugin './nowhere.so' is not there: there is no file"},
      {"./text.so", "[world] plugin './text.so' cannot be loaded: "},
      {".", "is not there: there is no file"},
      {"", "'plugin' in [world] must be the path of a shared library; it is \"\""},
  };
  for (const auto& [file, text] : cases) {
    CAPTURE(file);
    const Finished finished = plan(plugin_toml(file));
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(finished.err.starts_with("joust: t.toml:5:10: "));
    CHECK(has(finished.err, text));
  }
}

TEST_CASE("what a spec says is checked against what the plugin declares") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[world.parameters]\ndead = \"crash\"",
       ":7:1: unknown key 'dead' in [world.parameters]; did you mean 'deed'?"},
      {"[world.parameters]\nattempts = -1",
       ":7:12: 'attempts' in [world.parameters] must be an integer of at least 0; it is -1"},
      {"[world.parameters]\ndeed = \"throw when made\"",
       ":5:10: [world] plugin '" + library("misbehave") +
           "' cannot make a world: a deed that cannot be"},
      {"name = \"noop\"", ":6:1: 'name' in [world] goes with kind = \"native\" only"},
      {"env = { A = \"b\" }", ":6:1: 'env' in [world] goes with kind = \"command\" only"},
      {"kind = \"native\"", ":5:1: 'plugin' in [world] goes with kind = \"plugin\" only"},
      {"[[competitor]]\ntype = \"Nobody\"",
       ":7:8: the world misbehave has no competitor type 'Nobody'"},
  };
  for (const auto& [of_world, text] : cases) {
    CAPTURE(of_world);
    const Finished finished = plan(plugin_toml(library("misbehave"), of_world));
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(has(finished.err, text));
  }
  CHECK(plan(plugin_toml(library("misbehave"), "kind = \"plugin\"")).code == 0);
}

TEST_CASE("joust worlds shows what a plugin declares, as of a world of its own") {
  const Finished text = joust({"worlds", library("mirror")});
  CHECK(text.code == 0);
  CAPTURE(text.out);
  CHECK(
      text.out.starts_with("mirror: Says what it was given.\n"
                           "Competitors: 1 to 3 per world, 2 by default\n"));
  CHECK(has(text.out,
            "  integer (steps): a whole number\n      an integer from -10 to 10; default -7"));
  CHECK(has(text.out, "one of \"fast\", \"thorough\"; default \"fast\""));
  CHECK(has(text.out, "  Tuned: has a level\n      level: \n"));
  const Finished json = joust({"worlds", library("mirror"), "--json"});
  CHECK(nlohmann::json::parse(json.out).at("parameters").size() == 11);

  const Finished broken = joust({"worlds", library("broken")}, asked_to("other version"));
  CHECK(broken.code == 2);
  CHECK(
      broken.err.starts_with("joust: plugin '" + library("broken") + "' was built for version 7"));
}

TEST_CASE("what a plugin starts while it is looked at ends with that") {
  const ScratchFolder folder;
  write_text(folder.path() / "t.toml", plugin_toml(library("broken")));
  JoustProcess looking({"plan", (folder.path() / "t.toml").string()}, asked_to("leave a child"));
  CHECK(looking.wait() == 0);
  CHECK(looking.descendants().empty());
}

TEST_CASE("joust can be ended while a plugin that hangs is looked at") {
  for (const int signal : {SIGINT, SIGKILL}) {
    CAPTURE(signal);
    const ScratchFolder folder;
    write_text(folder.path() / "t.toml", plugin_toml(library("broken")));
    JoustProcess looking(
        {"run", (folder.path() / "t.toml").string(), "--out", (folder.path() / "run").string()},
        asked_to("hang when made"));
    REQUIRE(eventually(seconds(10), [&] { return !looking.descendants().empty(); }));
    looking.signal(signal);
    CHECK(looking.wait(seconds(10)) == -signal);
    CHECK(eventually(seconds(5), [&] { return looking.descendants().empty(); }));
    CHECK_FALSE(fs::exists(folder.path() / "run"));
  }
}

}  // namespace
}  // namespace joust::test
