// joust export: all tables, from a run that has ended, goes on, was harmed on the way, or is none.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, std::string>;

struct Run {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";

  std::vector<std::string> arguments(const SpecText& spec,
                                     const std::vector<std::string>& options) const {
    std::vector<std::string> all = {"run", write_spec(folder.path(), spec).string(), "--out",
                                    dir.string(), "--quiet"};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }
  // The files of `joust export --reproducible`.
  Files exported() const {
    const fs::path out = folder.path() / "exported";
    const Finished finished =
        joust({"export", dir.string(), "--out", out.string(), "--reproducible"});
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
    return files_under(out);
  }
};

SpecText tournament() {
  SpecText spec = dilemma(10, 20'000);  // 120 worlds of a millisecond or two
  spec.of_world = "attempts = 50\nretry_backoff = \"0s\"";
  spec.of_workers = "frozen_timeout = \"100ms\"";
  return spec;
}

TEST_CASE("a reproducible export has the same bytes for 1 and 4 workers, with crashes, resumed") {
  const Run alone;
  REQUIRE(joust(alone.arguments(tournament(), {"--workers", "1"})).code == 0);
  const Files expected = alone.exported();
  CHECK(expected.size() == 10 + 1 + 120);

  const Run four;
  REQUIRE(joust(four.arguments(tournament(), {"--workers", "4"})).code == 0);
  CHECK(four.exported() == expected);

  const Run harmed;
  const Finished finished =
      joust(harmed.arguments(tournament(), {"--workers", "4", "--chaos", "kill=60/s,seed=3"}), {},
            seconds(120));
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  CHECK(report_of(harmed.dir)["workers"]["lost"] > 0);
  CHECK(harmed.exported() == expected);

  const Run interrupted;
  JoustProcess process(interrupted.arguments(tournament(), {"--workers", "2"}));
  REQUIRE(eventually(seconds(20), [&] { return results_in(interrupted.dir) >= 10; }));
  process.signal(SIGKILL);
  process.wait();
  REQUIRE(results_in(interrupted.dir) < 120);
  REQUIRE(joust({"resume", interrupted.dir.string(), "--quiet"}).code == 0);
  CHECK(interrupted.exported() == expected);
}

TEST_CASE("an export to the run's own folder adds to its tables and leaves them as they were") {
  const Run run;
  REQUIRE(joust(run.arguments(dilemma(1, 10), {})).code == 0);
  const Files before = files_under(run.dir / "t-stage-0001");
  const Finished finished = joust({"export", run.dir.string()});
  CAPTURE(finished.err);
  CHECK(finished.code == 0);
  CHECK(has(finished.err, "the tables of 12 worlds are in"));
  CHECK_FALSE(has(finished.err, "partial"));
  const Files after = files_under(run.dir / "t-stage-0001");
  CHECK(after.size() == before.size() + 1 + 12);
  for (const auto& file : before) {
    CAPTURE(file.first);
    CHECK(after.at(file.first) == file.second);
  }
}

TEST_CASE("a running tournament is exported to another folder, and called partial") {
  const Run run;
  JoustProcess process(run.arguments(busy_worlds(100, "50ms"), {}));
  REQUIRE(eventually(seconds(20), [&] { return results_in(run.dir) >= 1; }));
  const fs::path out = run.folder.path() / "so far";
  const Finished partial = joust({"export", run.dir.string(), "--out", out.string()});
  CAPTURE(partial.err);
  CHECK(partial.code == 0);
  CHECK(has(partial.err, "they are partial"));
  CHECK(has(partial.err, "of 200 worlds are missing; the tournament is still being played"));
  CHECK(fs::exists(out / "assigned_configs.json"));

  const Finished refused = joust({"export", run.dir.string()});
  CAPTURE(refused.err);
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "another joust"));
  CHECK(has(refused.err, "--out"));
  const Finished same =
      joust({"export", run.dir.string(), "--out", (run.dir / "." / "t-stage-0001").string()});
  CHECK(same.code == 2);
  process.signal(SIGINT);
  process.wait();
  const Finished interrupted = joust({"export", run.dir.string()});
  CAPTURE(interrupted.err);
  CHECK(interrupted.code == 0);
  CHECK(has(interrupted.err, "resume " + run.dir.string()));
}

TEST_CASE("an export replaces an earlier one of the same tournament, and nothing else") {
  const Run run;
  const Run other;
  REQUIRE(joust(run.arguments(dilemma(1, 10), {})).code == 0);
  REQUIRE(joust(other.arguments(dilemma(1, 10), {"--seed", "2"})).code == 0);
  const fs::path out = run.folder.path() / "out";
  const auto export_of = [&](const Run& which, const fs::path& to) {
    return joust({"export", which.dir.string(), "--out", to.string()});
  };
  fs::create_directory(out);
  CHECK(export_of(run, out).code == 0);
  CHECK(export_of(run, out).code == 0);
  const Files exported = files_under(out);
  const Files tables = files_under(run.dir);
  const fs::path foreign = run.folder.path() / "foreign";
  fs::create_directory(foreign);
  write_text(foreign / "scores.csv", "mine");
  for (const fs::path& taken : {out, foreign, run.dir, run.dir / "t-stage-0001"}) {
    const Finished refused = export_of(other, taken);
    CAPTURE(refused.err);
    CHECK(refused.code == 2);
    CHECK(has(refused.err, "'" + taken.string() + "' is not empty"));
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
  }
  CHECK(files_under(out) == exported);
  CHECK(files_under(run.dir) == tables);
  CHECK(files_under(foreign) == Files{{"scores.csv", "mine"}});
}

TEST_CASE("what is no run directory, or no folder to write to, is one error that names it") {
  const Run run;
  for (const auto& dir : {run.folder.path() / "nowhere", run.folder.path()}) {
    const Finished finished = joust({"export", dir.string()});
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(has(finished.err, dir.string()));
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  }
  REQUIRE(joust(run.arguments(dilemma(1, 10), {})).code == 0);
  const fs::path file = run.folder.path() / "file";
  write_text(file, "");
  const Finished finished = joust({"export", run.dir.string(), "--out", (file / "below").string()});
  CAPTURE(finished.err);
  CHECK(finished.code == 2);
  CHECK(has(finished.err, (file / "below").string()));
  CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
}

}  // namespace
}  // namespace joust::test
