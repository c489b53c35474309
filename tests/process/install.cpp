// What `cmake --install` puts in place works from there.

#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

TEST_CASE("an installed joust finds its worker, also through a link") {
  const ScratchFolder folder;
  const fs::path prefix = folder.path() / "pre fix";
  JoustOptions cmake;
  cmake.program = "/usr/bin/cmake";
  const Finished installed = joust(
      {"--install", fs::path(JOUST_BIN_DIR).parent_path(), "--prefix", prefix.string()}, cmake);
  CAPTURE(installed.out);
  CAPTURE(installed.err);
  REQUIRE(installed.code == 0);
  REQUIRE(fs::exists(prefix / "bin" / "joust"));
  REQUIRE(fs::exists(prefix / "libexec" / "joust" / "joust-worker"));
  CHECK(fs::exists(prefix / "libexec" / "joust" / "joust-stacks"));
  CHECK_FALSE(fs::exists(prefix / "bin" / "joust-worker"));

  JoustOptions options;
  options.program = prefix / "bin" / "joust";
  const fs::path dir = folder.path() / "run";
  const fs::path example = prefix / "share" / "joust" / "examples" / "prisoners-dilemma.toml";
  const Finished run = joust({"run", example.string(), "--out", dir.string(), "--json"}, options);
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(nlohmann::json::parse(run.out)["complete"] == true);

  // a world in Python, with the package that was installed beside it
  const fs::path dilemma = prefix / "share" / "joust" / "examples" / "dilemma.toml";
  CHECK(
      fs::exists(prefix / "lib" / "python3" / "dist-packages" / "joust" / "scml" / "__init__.py"));
  const Finished python =
      joust({"run", dilemma.string(), "--out", (folder.path() / "python").string()}, options);
  CAPTURE(python.err);
  CHECK(python.code == 0);

  // the worker starts a helper too: another time the same program
  const fs::path isolated = folder.path() / "isolated.toml";
  write_text(isolated,
             "[tournament]\nname = \"isolated\"\n[world]\nname = \"prisoners-dilemma\"\n"
             "[[competitor]]\ntype = \"Grudger\"\nisolation = \"process\"\n"
             "[[competitor]]\ntype = \"Joss\"\n");
  const fs::path apart = folder.path() / "apart";
  CHECK(joust({"run", isolated.string(), "--out", apart.string()}, options).code == 0);
  CHECK(report_of(apart)["done"] == 10);

  // through a link, as package managers make them
  const fs::path link = folder.path() / "link";
  fs::create_symlink(prefix / "bin" / "joust", link);
  options.program = link;
  CHECK(joust({"resume", dir.string()}, options).code == 0);

  fs::remove(prefix / "libexec" / "joust" / "joust-worker");
  const fs::path other = folder.path() / "other";
  const Finished broken = joust({"run", example.string(), "--out", other.string()}, options);
  CAPTURE(broken.err);
  CHECK(broken.code == 4);
  CHECK(broken.err.find("joust-worker was not found") != std::string::npos);
}

}  // namespace
}  // namespace joust::test
