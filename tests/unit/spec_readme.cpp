// The description of spec files says what the program does.

#include <doctest/doctest.h>

#include <sstream>

#include "runner/spec/agent_plugins.hpp"
#include "runner/spec/agents.hpp"
#include "runner/spec/schema.hpp"
#include "runner/spec/section.hpp"
#include "runner/spec/values.hpp"
#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

std::string readme() { return spec::read_file(JOUST_SOURCE_DIR "/runner/spec/README.md"); }

// Whether a table has a row for the key with its default and its limits.
bool has_row(const ParameterInfo& info, bool required) {
  std::istringstream lines(readme());
  for (std::string line; std::getline(lines, line);) {
    std::erase(line, '`');
    const std::string default_cell =
        " | " + (required ? std::string("required") : spec::default_text(info)) + " | ";
    if (line.starts_with("| " + info.name + " | ") &&
        line.find(default_cell) != std::string::npos &&
        line.find(spec::limits_text(info)) != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST_CASE("the tables name every key with its default and its range") {
  WorldType world;
  const std::vector<spec::KeyInfo> kinds = {spec::kind_key(), spec::name_key(), spec::plugin_key(),
                                            spec::agent_plugin_key()};
  for (const auto& keys : {spec::tournament_keys(world), spec::world_keys(), spec::worker_keys(),
                           spec::agent_keys(), spec::command_keys(), kinds}) {
    for (const spec::KeyInfo& key : keys) {
      if (key.value.name == "competitors_per_world") continue;  // the world's
      CAPTURE(key.value.name);
      CAPTURE(spec::default_text(key.value));
      CAPTURE(spec::limits_text(key.value));
      CHECK(has_row(key.value, key.required));
    }
  }
}

TEST_CASE("the worked example loads and has the worlds that the text works out") {
  const std::string text = readme();
  const spec::LoadedSpec spec = test::load_example(text);
  CHECK(spec.warnings.empty());
  CHECK(Plan(spec.tournament.shape).worlds() == 120);
  CHECK(Plan(spec.tournament.shape).worlds_per_competitor() == 80);
}

}  // namespace
}  // namespace joust
