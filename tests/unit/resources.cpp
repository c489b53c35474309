// [[resource]]: what a spec may say of the files that worlds read, and how worlds get them.

#include "common/resources.hpp"

#include <doctest/doctest.h>

#include <cstring>

#include "common/world_registry.hpp"
#include "runner/spec/spec.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

namespace fs = std::filesystem;

const std::string kRest =
    "[tournament]\nname = \"t\"\n[world]\nname = \"noop\"\n[[competitor]]\ntype = \"Any\"\nname = "
    "\"A\"\n[[competitor]]\ntype = \"Any\"\nname = \"B\"\n";

spec::LoadedSpec load(const fs::path& folder, const std::string& resources) {
  return spec::load_text(folder / "t.toml", kRest + resources, builtin_worlds(), {});
}

std::string resource(const std::string& name, const std::string& path) {
  return "[[resource]]\nname = \"" + name + "\"\npath = \"" + path + "\"\n";
}

std::string error_of(const fs::path& folder, const std::string& resources) {
  try {
    load(folder, resources);
  } catch (const spec::SpecError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a world gets the bytes of a resource, and an empty one is empty") {
  const test::ScratchFolder folder;
  test::write_text(folder.path() / "book.bin", "openings");
  test::write_text(folder.path() / "empty", "");
  Resources resources(load(folder.path(), resource("book", "book.bin") + resource("none", "empty"))
                          .tournament.setup.resources);
  const auto bytes = resources.get("book");
  REQUIRE(bytes.size() == 8);
  CHECK(std::memcmp(bytes.data(), "openings", 8) == 0);
  CHECK(resources.get("book").data() == bytes.data());
  CHECK(resources.get("none").empty());
  CHECK_THROWS_WITH_AS(resources.get("boook"),
                       "there is no [[resource]] named 'boook'; there are: book, none", SetupError);
}

TEST_CASE("the content of a resource decides results, and its place does not") {
  const test::ScratchFolder folder;
  test::write_text(folder.path() / "a", "one");
  test::write_text(folder.path() / "b", "one");
  test::write_text(folder.path() / "c", "two");
  const auto deciding = [&](const std::string& file) {
    return load(folder.path(), resource("data", file)).deciding().at("resource.data");
  };
  CHECK(deciding("a") == deciding("b"));
  CHECK(deciding("a") != deciding("c"));
}

TEST_CASE("a run knows which of its resources have changed") {
  const test::ScratchFolder folder;
  test::write_text(folder.path() / "a", "one");
  test::write_text(folder.path() / "b", "two");
  const spec::LoadedSpec spec = load(folder.path(), resource("x", "a") + resource("y", "b"));
  for (const auto& [name, content] : spec.inputs) {
    test::write_text(folder.path() / "inputs" / name, content);
  }
  const fs::path inputs = folder.path() / "inputs";
  CHECK(spec::changed_files(spec, inputs).empty());
  test::write_text(folder.path() / "a", "on3");
  fs::remove(folder.path() / "b");
  CHECK(spec::changed_files(spec, inputs).size() == 2);
  // the run can still be looked at
  CHECK(spec::load_text(folder.path() / "t.toml", spec.text, builtin_worlds(), {}, inputs)
            .deciding() == spec.deciding());
}

TEST_CASE("what cannot be a resource is one clear error with its place") {
  const test::ScratchFolder folder;
  test::write_text(folder.path() / "a", "one");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {resource("x", "nothing"), "there is no file"},
      {resource("x", "."), "there is no file"},
      {resource("../x", "a"), "'../x' cannot name a resource"},
      {resource("x", "a") + resource("x", "a"), "there is already a resource named 'x'"},
      {"[[resource]]\nname = \"x\"\n", "[[resource]] needs a 'path'"},
      {"[[resource]]\nname = 1\npath = \"a\"\n", "'name' in [[resource]] must be a text"},
      {"[[resource]]\nname = \"x\"\npath = \"a\"\nmode = 1\n", "unknown key 'mode'"},
      {"[resource]\nname = \"x\"\n", "write [[resource]], in double brackets"},
  };
  for (const auto& [text, error] : cases) {
    CAPTURE(text);
    const std::string found = error_of(folder.path(), text);
    CAPTURE(found);
    CHECK(found.find(error) != std::string::npos);
    CHECK(found.find("t.toml:") != std::string::npos);
  }
}

}  // namespace
}  // namespace joust
