// Shards of a tournament, played by themselves, and joined.

#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Folder {
  ScratchFolder folder;
  fs::path spec;

  explicit Folder(const SpecText& text) : spec(write_spec(folder.path(), text)) {}

  fs::path dir(const std::string& name) const { return folder.path() / name; }
  Finished run(const std::string& name, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"run", spec.string(), "--out", dir(name).string(), "-q"});
    return joust(options);
  }
  Finished merge(const std::vector<std::string>& names, const std::string& out) const {
    std::vector<std::string> arguments = {"merge"};
    for (const std::string& name : names) arguments.push_back(dir(name).string());
    arguments.insert(arguments.end(), {"--out", dir(out).string()});
    return joust(arguments);
  }
};

TEST_CASE("the tables of merged shards are those of a run that played all worlds itself") {
  const Folder folder(dilemma(30, 20));
  REQUIRE(folder.run("whole").code == 0);
  std::vector<std::string> shards;
  for (int index = 1; index <= 5; ++index) {
    const std::string name = "shard" + std::to_string(index);
    // some of them hurt
    std::vector<std::string> options = {"--shard", std::to_string(index) + "/5"};
    if (index == 2) options.insert(options.end(), {"--chaos", "kill=50/s,seed=3"});
    const Finished played = folder.run(name, options);
    CAPTURE(played.err);
    REQUIRE(played.code == 0);
    shards.push_back(name);
    const auto report = report_of(folder.dir(name));
    CHECK(report["expected"] == 72);
    CHECK(report["shape"]["shard"] == std::to_string(index) + "/5");
    CHECK(report["complete"] == true);
  }
  const Finished merged =
      folder.merge({shards[4], shards[0], shards[2], shards[1], shards[3]}, "merged");
  CAPTURE(merged.err);
  CHECK(merged.code == 0);
  CHECK(merged.err.empty());
  CHECK(tables_of(folder.dir("merged")) == tables_of(folder.dir("whole")));
  const auto report = report_of(folder.dir("merged"));
  CHECK(report["expected"] == 360);
  CHECK(report["state"] == "finished");
  CHECK(report["shape"]["shard"].is_null());
  CHECK(report["standings"] == report_of(folder.dir("whole"))["standings"]);
}

TEST_CASE("missing shards are missing worlds, which the merged run can play") {
  const Folder folder(dilemma(30, 20));
  REQUIRE(folder.run("whole").code == 0);
  for (const char* index : {"1", "3", "4"}) {
    REQUIRE(folder.run(index, {"--shard", std::string(index) + "/4"}).code == 0);
  }
  const Finished merged = folder.merge({"1", "3", "4"}, "merged");
  CHECK(merged.code == 3);
  CHECK(has(merged.err, "not merged, because not named: shard 2 of 4\n"));
  CHECK(report_of(folder.dir("merged"))["missing"] == 90);
  const Finished resumed = joust({"resume", folder.dir("merged").string(), "-q"});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(tables_of(folder.dir("merged")) == tables_of(folder.dir("whole")));
  CHECK(has(joust({"status", folder.dir("merged").string()}).out, "360 of 360 done"));
}

TEST_CASE("a shard that was interrupted is told of, and what it has is merged") {
  const Folder folder(dilemma(50, 20'000));
  JoustProcess process(
      {"run", folder.spec.string(), "--out", folder.dir("1").string(), "--shard", "1/2"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(folder.dir("1")) >= 5; }));
  process.signal(SIGTERM);
  REQUIRE(process.wait() == 143);
  REQUIRE(folder.run("2", {"--shard", "2/2"}).code == 0);
  const Finished merged = folder.merge({"1", "2"}, "merged");
  CHECK(merged.code == 3);
  CHECK(has(merged.err, "of its 300 worlds; to go on with it: "));
  REQUIRE(joust({"resume", folder.dir("1").string(), "-q"}).code == 0);
  CHECK(folder.merge({"1", "2"}, "again").code == 0);
  // merging what was merged changes nothing
  const Finished twice = folder.merge({"merged", "again", "2"}, "all");
  CHECK(twice.code == 0);
  CHECK(has(twice.err, "were in several of them, and agree"));
  CHECK(tables_of(folder.dir("all")) == tables_of(folder.dir("again")));
}

TEST_CASE("what cannot be merged is refused in one line, and nothing is written") {
  const Folder folder(dilemma(10, 20));
  REQUIRE(folder.run("1", {"--shard", "1/2"}).code == 0);
  REQUIRE(folder.run("other", {"--shard", "2/2", "--seed", "99"}).code == 0);
  const auto refused = [&](const std::vector<std::string>& names, const std::string& out) {
    const Finished finished = folder.merge(names, out);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK_FALSE(fs::exists(folder.dir("merged")));
    return finished.err;
  };
  const std::string different = refused({"1", "other"}, "merged");
  CHECK(has(different, "are runs of two different tournaments"));
  CHECK(has(different, "tournament.seed: "));
  CHECK(has(refused({"1", "1"}, "merged"), "is named twice"));
  CHECK(has(refused({"1", "nowhere"}, "merged"), "is no run directory"));
  CHECK(has(refused({"1"}, "other"), "exists already"));

  REQUIRE(folder.run("2", {"--shard", "2/2"}).code == 0);
  REQUIRE(folder.run("whole").code == 0);
  exchange_results(folder.dir("whole"), 3, 4);
  const std::string disagree = refused({"whole", "1", "2"}, "merged");
  CHECK(has(disagree, "world 3 has one result in "));
  for (const auto& entry : fs::directory_iterator(folder.folder.path())) {
    CHECK_FALSE(entry.path().filename().string().starts_with("."));
  }
}

TEST_CASE("a shard must be one of those there are") {
  const Folder folder(dilemma(10, 20));
  const auto refused = [&](const std::string& shard) {
    const Finished finished = folder.run("x", {"--shard", shard});
    CHECK(finished.code == 2);
    CHECK_FALSE(fs::exists(folder.dir("x")));
    return finished.err;
  };
  CHECK(has(refused("0/2"), "--shard: '0/2' is no shard"));
  CHECK(has(refused("3/2"), "--shard: '3/2' is no shard"));
  CHECK(has(refused("1/121"), "the tournament has only 120 worlds"));
  CHECK(has(refused("auto/2"), "none is set"));
  JoustOptions options;
  options.environment = {{"JOB_COMPLETION_INDEX", "1"}};
  options.folder = folder.folder.path();
  REQUIRE(joust({"run", folder.spec.string(), "--shard", "auto/2", "-q"}, options).code == 0);
  CHECK(report_of(folder.dir("runs/t-shard-2-of-2"))["shape"]["shard"] == "2/2");
}

TEST_CASE("a run directory's recorded spec is played anew") {
  const Folder folder(dilemma(10, 20));
  REQUIRE(folder.run("first", {"--seed", "5", "--shard", "1/2"}).code == 0);
  write_text(folder.spec, "changed since");
  const auto again = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"run", folder.dir("first").string(), "-q"});
    return joust(options);
  };
  CHECK(again({"--shard", "2/2", "--out", folder.dir("second").string()}).code == 0);
  CHECK(again({"--out", folder.dir("whole").string()}).code == 0);
  CHECK(folder.merge({"first", "second"}, "merged").code == 0);
  CHECK(tables_of(folder.dir("merged")) == tables_of(folder.dir("whole")));
  CHECK(report_of(folder.dir("merged"))["seed"] == 5);
  const Finished refused = again({"--seed", "6", "--out", folder.dir("x").string()});
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "--seed 6: "));
  CHECK(has(again({"--name", "x", "--out", folder.dir("x").string()}).err, "--name x: "));
}

}  // namespace
}  // namespace joust::test
