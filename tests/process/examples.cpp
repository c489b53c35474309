// The examples that come with joust are played as they stand; the long one shortened.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

const fs::path kExamples = JOUST_SOURCE_DIR "/tools/examples";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE_MESSAGE(at != std::string::npos, what);
  return text.replace(at, what.size(), by);
}

TEST_CASE("the examples in Python and bash end with every world counted, twice the same") {
  for (const char* name : {"dilemma.toml", "bash-oneshot.toml"}) {
    CAPTURE(name);
    const ScratchFolder folder;
    for (const char* workers : {"1", "3"}) {
      const Finished run = joust({"run", (kExamples / name).string(), "--out",
                                  (folder.path() / workers).string(), "--workers", workers});
      CAPTURE(run.err);
      CHECK(run.code == 0);
    }
    CHECK(tables_of(folder.path() / "1") == tables_of(folder.path() / "3"));
  }
}

TEST_CASE("the 756 worlds of the Standard game end, twice the same") {
  const ScratchFolder folder;
  write_text(folder.path() / "std-756.toml",
             replaced(read_text(kExamples / "std-756.toml"), "n_steps = 50", "n_steps = 5"));
  for (const char* workers : {"1", "3"}) {
    const fs::path dir = folder.path() / workers;
    const Finished run = joust({"run", (folder.path() / "std-756.toml").string(), "--out",
                                dir.string(), "--workers", workers});
    CAPTURE(run.err);
    CHECK(run.code == 0);
    CHECK(report_of(dir)["done"] == 756);
  }
  CHECK(tables_of(folder.path() / "1") == tables_of(folder.path() / "3"));
}

TEST_CASE("a chess match of stockfish and gnuchess is played, twice the same") {
  if (!fs::exists("/usr/games/stockfish") || !fs::exists("/usr/games/gnuchess")) {
    MESSAGE("skipped: stockfish and gnuchess are not installed (apt-get install them)");
    return;
  }
  const ScratchFolder folder;
  std::string spec = read_text(kExamples / "chess.toml");
  spec = replaced(spec, "configs = 8", "configs = 1");
  spec = replaced(spec, "max_plies = 240", "max_plies = 30");
  spec = replaced(spec, "depth 12", "depth 6");
  spec = replaced(spec, "../python", JOUST_SOURCE_DIR "/tools/python");
  write_text(folder.path() / "chess.toml", spec);
  fs::copy_file(kExamples / "chess.py", folder.path() / "chess.py");
  for (const char* workers : {"1", "2"}) {
    const Finished run = joust({"run", (folder.path() / "chess.toml").string(), "--out",
                                (folder.path() / workers).string(), "--workers", workers});
    CAPTURE(run.err);
    CAPTURE(run.out);
    CHECK(run.code == 0);
    CHECK(report_of(folder.path() / workers)["done"] == 6);
  }
  CHECK(tables_of(folder.path() / "1") == tables_of(folder.path() / "2"));
}

}  // namespace
}  // namespace joust::test
