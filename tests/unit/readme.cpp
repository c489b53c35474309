// What the README shows and claims is so.

#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "common/plan.hpp"
#include "common/world_registry.hpp"
#include "runner/spec/section.hpp"
#include "tests/support/spec_files.hpp"

namespace joust {
namespace {

std::string readme() { return spec::read_file(JOUST_SOURCE_DIR "/README.md"); }

// The source with names that were broken over several literals put together.
std::string source(const std::string& path) {
  static const std::regex kBreak("\"\\s*\n\\s*\"");
  return std::regex_replace(spec::read_file(JOUST_SOURCE_DIR "/" + path), kBreak, "");
}

TEST_CASE("the first spec of the README loads and has the worlds that it says") {
  const std::string text = readme();
  const spec::LoadedSpec spec = test::load_example(text);
  CHECK(spec.warnings.empty());
  CHECK(text.find(std::to_string(Plan(spec.tournament.shape).worlds()) + " worlds;") !=
        std::string::npos);
}

TEST_CASE("every test that the README names is there") {
  static const std::regex kMention("`(tests/[a-z_/]+\\.(?:cpp|py))`: \"([^\"]+)\"");
  const std::string text = readme();
  std::size_t mentions = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), kMention), end; at != end; ++at) {
    const std::string file = (*at)[1];
    const std::string name = (*at)[2];
    CAPTURE(file);
    CAPTURE(name);
    const bool is_python = file.ends_with(".py");
    const std::string defined = is_python ? "def " + name + "(" : '"' + name + '"';
    CHECK(source(file).find(defined) != std::string::npos);
    ++mentions;
  }
  CHECK(mentions >= 10);
}

}  // namespace
}  // namespace joust
