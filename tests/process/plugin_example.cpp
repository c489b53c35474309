// The examples of plugins, built outside of joust's tree with nothing but what is installed.

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

// An installed joust, and a folder that is no part of its tree.
struct Elsewhere {
  ScratchFolder folder;
  fs::path prefix = folder.path() / "pre fix";
  fs::path example = folder.path() / "example";
  JoustOptions options;

  Elsewhere() {
    run_cmake({"--install", fs::path(JOUST_BIN_DIR).parent_path(), "--prefix", prefix.string()});
    options.program = prefix / "bin" / "joust";
    options.folder = example;
  }

  void build() const {
    run_cmake({"-S", example, "-B", example / "build", "-G", "Ninja",
               "-DCMAKE_PREFIX_PATH=" + prefix.string(),
               "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wconversion -Werror"});
    run_cmake({"--build", example / "build"});
  }
};

TEST_CASE(
    "tic-tac-toe is built with an installed joust, and played to the same bytes by any pool") {
  const Elsewhere elsewhere;
  const fs::path& example = elsewhere.example;
  const JoustOptions& options = elsewhere.options;
  fs::copy(elsewhere.prefix / "share" / "joust" / "examples" / "tic-tac-toe", example);
  elsewhere.build();

  const Finished listed = joust({"worlds", "build/libtictactoe.so"}, options);
  CHECK(listed.code == 0);
  CHECK(listed.out.starts_with("tic-tac-toe: Tic-tac-toe; a score is"));

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

// The place in the standings, counted from 1.
std::size_t place_of(const std::string& competitor, const nlohmann::json& report) {
  const nlohmann::json& standings = report["standings"];
  for (std::size_t i = 0; i < standings.size(); ++i) {
    if (standings[i]["competitor"] == competitor) return i + 1;
  }
  return standings.size() + 1;
}

TEST_CASE(
    "my_agent is built with an installed joust, does well in both games, and repeats itself") {
  const Elsewhere elsewhere;
  const fs::path& example = elsewhere.example;
  const JoustOptions& options = elsewhere.options;
  fs::copy(elsewhere.prefix / "share" / "joust" / "examples" / "my_agent", example);
  elsewhere.build();

  const Finished listed = joust({"worlds", "build/libmyagent.so"}, options);
  CHECK(listed.code == 0);
  CHECK(listed.out.find("  Planner: sees to its needs") != std::string::npos);

  for (const std::string spec : {"my-agent", "my-agent-std"}) {
    CAPTURE(spec);
    for (const std::string workers : {"1", "4"}) {
      const Finished run = joust(
          {"run", spec + ".toml", "--out", spec + "-" + workers, "--workers", workers}, options);
      CAPTURE(run.err);
      REQUIRE(run.code == 0);
    }
    const nlohmann::json report = report_of(example / (spec + "-1"));
    CHECK(report["done"] == 400);
    CHECK(place_of("Planner", report) <= 2);
    CHECK(tables_of(example / (spec + "-1")) == tables_of(example / (spec + "-4")));
  }
}

}  // namespace
}  // namespace joust::test
