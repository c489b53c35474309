// Competitors to which too many worlds are lost are put out, all reports say so, and the tables are
// the same with any number of workers and when the run was interrupted.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

// 120 worlds. Two of five competitors fail, in different ways.
std::string clumsy_spec(int workers, double pause = 0) {
  std::string text = fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = 6\ncompetitors_per_world = 2\n"
      "disqualify_after = 3\n"
      "[world]\nkind = \"command\"\ncommand = [\"python3\", \"{}/command/clumsy.py\"]\n"
      "attempts = 2\nretry_backoff = \"1ms\"\n[world.parameters]\npause = {}\n"
      "[workers]\ncount = {}\n",
      JOUST_TEST_DATA, pause, workers);
  for (const auto& [name, type] :
       {std::pair("Ann", "forfeits"), std::pair("Bob", "blamed"), std::pair("Cid", "sound"),
        std::pair("Dora", "sound"), std::pair("Ed", "sound")}) {
    text += fmt::format("[[competitor]]\nname = \"{}\"\ntype = \"{}\"\n", name, type);
  }
  return text;
}

struct Ended {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  Finished finished;

  explicit Ended(int workers) {
    write_text(folder.path() / "t.toml", clumsy_spec(workers));
    finished = joust({"run", (folder.path() / "t.toml").string(), "--out", dir.string()});
  }

  std::string shown(const std::string& format) const {
    const Finished report = joust({"report", dir.string(), "--format", format});
    CHECK(report.code == 0);
    return report.out;
  }
};

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a competitor that fails too often is put out, and every report says so") {
  const Ended run(2);
  CAPTURE(run.finished.err);
  CHECK(run.finished.code == 3);
  CHECK(says(run.finished.err, "Ann is disqualified: 3 worlds were lost to it"));
  const auto report = report_of(run.dir);
  CAPTURE(report.dump(2));
  CHECK(report["state"] == "finished");
  CHECK(report["void"] > 20);
  CHECK(report["unplayed"] == 0);
  CHECK(report["quarantined"] == 3);
  REQUIRE(report["standings"].size() == 5);
  std::size_t out = 0;
  for (const auto& standing : report["standings"]) {
    const bool is_out = standing["competitor"] == "Ann" || standing["competitor"] == "Bob";
    out += is_out ? 1 : 0;
    CHECK(standing["disqualified_at"].is_null() != is_out);
    CHECK(standing["rank"].is_null() == is_out);
    CHECK(standing["forfeits"] == (standing["competitor"] == "Ann" ? 3 : 0));
    CHECK(standing["failures_charged"] == (standing["competitor"] == "Bob" ? 6 : 0));
  }
  CHECK(out == 2);
  CHECK(report["standings"][3]["rank"].is_null());
  CHECK(report["standings"][4]["rank"].is_null());
  CHECK(report["forfeit_list"].size() == 3);
  CHECK(report["forfeit_list"][0]["reason"] == "no move");

  for (const char* format : {"text", "markdown"}) {
    const std::string text = run.shown(format);
    CAPTURE(text);
    CHECK(says(text, "DISQUALIFIED:"));
    CHECK(says(text, "DQ"));
    CHECK(says(text, "Ann 3"));
  }
  const std::string page = run.shown("html");
  CHECK(says(page, "Disqualified:"));
  CHECK(says(page, ">DQ<"));
  CHECK(says(page, "Forfeits"));
  const std::string junit = run.shown("junit");
  CHECK(says(junit, "void: a competitor in it was disqualified"));
  CHECK(says(junit, "joust.disqualified"));
  CHECK(says(read_text(run.dir / "standings.csv"), "forfeits,disqualified_at\n1,"));
  const auto tables = tables_of(run.dir);
  for (const auto& [name, text] : tables) {
    if (!says(name, "winners.csv")) continue;
    CHECK_FALSE(says(text, "Ann"));
    CHECK_FALSE(says(text, "Bob"));
  }
  const auto events = events_of(run.dir);
  CHECK(std::any_of(events.begin(), events.end(), [](const auto& event) {
    return event["event"] == "disqualified" && event["competitor"] == "Bob" &&
           event["strikes"] == 3;
  }));
  const Finished status = joust({"status", run.dir.string()});
  CAPTURE(status.out);
  CHECK(says(status.out, "disqualified: Ann, Bob"));
  CHECK(says(status.out, " void"));
  CHECK(says(read_text(run.dir / "failures.csv"), ",True\n") ==
        (report["failures"]["world_error"]["void"] > 0));
  const Finished again = joust({"resume", run.dir.string()});
  CHECK(again.code == 3);
  CHECK(says(again.err, "nothing is left to play"));
}

TEST_CASE("who is out, and after which world, is the same with any number of workers") {
  const Ended one(1);
  const auto expected = tables_of(one.dir);
  const std::string standings = read_text(one.dir / "standings.csv");
  for (const int workers : {2, 5}) {
    CAPTURE(workers);
    const Ended more(workers);
    CHECK(tables_of(more.dir) == expected);
    CHECK(read_text(more.dir / "standings.csv") == standings);
    const Finished compared =
        joust({"compare", one.dir.string(), more.dir.string(), "--exit-code"});
    CAPTURE(compared.out);
    CHECK(compared.code == 0);
    CHECK(says(compared.out, "1: DISQUALIFIED: "));
    CHECK(says(compared.out, "DQ"));
  }
}

TEST_CASE("a run that was interrupted puts out whom it would have put out") {
  const Ended whole(2);
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  write_text(folder.path() / "t.toml", clumsy_spec(3, 0.02));
  JoustProcess begun({"run", (folder.path() / "t.toml").string(), "--out", dir.string()});
  REQUIRE(eventually(seconds(30), [&] { return results_in(dir) >= 10; }));
  begun.signal(SIGKILL);
  begun.wait();
  REQUIRE(results_in(dir) < 60);
  const Finished resumed = joust({"resume", dir.string(), "--workers", "4"});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 3);
  CHECK(read_text(dir / "standings.csv") == read_text(whole.dir / "standings.csv"));
  const Finished here = joust({"run", (whole.folder.path() / "t.toml").string(), "--out",
                               (folder.path() / "here").string(), "--in-process"});
  CHECK(here.code == 3);
  CHECK(read_text(folder.path() / "here" / "standings.csv") ==
        read_text(whole.dir / "standings.csv"));
}

// A shard sees too few strikes, and so plays all of its worlds.
TEST_CASE("shards that are merged disqualify as one run does") {
  const Ended whole(2);
  ScratchFolder folder;
  write_text(folder.path() / "t.toml", clumsy_spec(2));
  std::vector<std::string> merge = {"merge", "--out", (folder.path() / "merged").string()};
  for (const std::string index : {"1", "2", "3"}) {
    const std::string dir = (folder.path() / index).string();
    const Finished shard = joust(
        {"run", (folder.path() / "t.toml").string(), "--out", dir, "--shard", index + "/3", "-q"});
    CHECK(shard.code == 3);  // Bob's worlds are given up
    CHECK(says(shard.err, "'disqualify_after' has no effect on a shard"));
    merge.push_back(dir);
  }
  CHECK(joust(merge).code == 3);
  CHECK(tables_of(folder.path() / "merged") == tables_of(whole.dir));
  const auto merged = report_of(folder.path() / "merged");
  CHECK(merged["void"] == report_of(whole.dir)["void"]);
  CHECK(merged["void"] > 0);
}

}  // namespace
}  // namespace joust::test
