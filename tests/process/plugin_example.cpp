// The example of a plugin, built outside of joust's tree with nothing but what is installed.

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

void run_cmake(const std::vector<std::string>& arguments) {
  JoustOptions cmake;
  cmake.program = "/usr/bin/cmake";
  const Finished finished = joust(arguments, cmake, seconds(120));
  CAPTURE(finished.out);
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
}

TEST_CASE(
    "tic-tac-toe is built with an installed joust, and played to the same bytes by any pool") {
  const ScratchFolder folder;
  const fs::path prefix = folder.path() / "pre fix";
  run_cmake({"--install", fs::path(JOUST_BIN_DIR).parent_path(), "--prefix", prefix.string()});
  const fs::path example = folder.path() / "example";
  fs::copy(prefix / "share" / "joust" / "examples" / "tic-tac-toe", example);
  run_cmake({"-S", example, "-B", example / "build", "-G", "Ninja",
             "-DCMAKE_PREFIX_PATH=" + prefix.string(),
             "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror"});
  run_cmake({"--build", example / "build"});

  JoustOptions options;
  options.program = prefix / "bin" / "joust";
  options.folder = example;
  const Finished shown = joust({"worlds", "build/libtictactoe.so"}, options);
  CHECK(shown.code == 0);
  CHECK(shown.out.starts_with("tic-tac-toe: Tic-tac-toe; a score is"));

  for (const std::string workers : {"1", "4"}) {
    const Finished run = joust(
        {"run", "tic-tac-toe.toml", "--out", "with-" + workers, "--workers", workers}, options);
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
  }
  const nlohmann::json report = report_of(example / "with-1");
  CHECK(report["done"] == 600);
  CHECK(report["standings"][0]["competitor"] == "Perfect");
  CHECK(read_text(example / "with-1" / "standings.csv") ==
        read_text(example / "with-4" / "standings.csv"));
  CHECK(tables_of(example / "with-1") == tables_of(example / "with-4"));

  // longer matches, so that there is a midst to be killed in
  std::string spec = read_text(example / "tic-tac-toe.toml");
  const std::string games = "games = 20";
  REQUIRE(spec.find(games) != std::string::npos);
  write_text(example / "long.toml", spec.replace(spec.find(games), games.size(), "games = 400"));
  REQUIRE(joust({"run", "long.toml", "--out", "calm"}, options).code == 0);
  JoustProcess running({"run", "long.toml", "--out", "killed"}, options);
  REQUIRE(eventually(seconds(20), [&] { return results_in(example / "killed") > 0; }));
  running.signal(SIGKILL);
  running.wait();
  CHECK(results_in(example / "killed") < 600);
  CHECK(joust({"resume", "killed"}, options).code == 0);
  CHECK(tables_of(example / "killed") == tables_of(example / "calm"));
}

}  // namespace
}  // namespace joust::test
