// Reports of real runs in every format, and runs compared, as a user sees them.

#include <doctest/doctest.h>
#include <signal.h>

#include <regex>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/xml_check.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string report_as(const fs::path& dir, const std::string& format) {
  const Finished report = joust({"report", dir.string(), "--format", format});
  CAPTURE(report.err);
  REQUIRE(report.code == 0);
  return report.out;
}

// Crashes once, fails for good, and competitors with names that every format must escape.
SpecText trouble() {
  SpecText spec;
  spec.world = "chaos";
  spec.configs = 4;
  spec.competitors = {"<script>", "a|b,c"};
  spec.parameters = "script = [\"crash task=2 attempt=1\", \"throw task=5 text=<no>\"]";
  return spec;
}

TEST_CASE("what a report took is told on standard error, apart from the report") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  const std::regex effort(
      R"(joust: report made in (<1 ms|[0-9]+ ms|[0-9.]+s) \(120 worlds read, [0-9.]+ MiB peak memory\)\n)");
  const Finished run =
      joust({"run", write_spec(folder.path(), dilemma(10, 5)).string(), "--out", dir.string()});
  REQUIRE(run.code == 0);
  for (const char* format : {"text", "json", "html", "markdown", "junit"}) {
    CAPTURE(format);
    const Finished report = joust({"report", dir.string(), "--format", format});
    CAPTURE(report.err);
    CHECK(std::regex_match(report.err, effort));
    CHECK_FALSE(has(report.out, "peak memory"));
    CHECK(report.out == report_as(dir, format));
  }
}

TEST_CASE("a run with failures is told in every format") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  CHECK(joust({"run", write_spec(folder.path(), trouble()).string(), "--out", dir.string()}).code ==
        3);
  const std::string junit = report_as(dir, "junit");
  CAPTURE(junit);
  CHECK(xml_faults(junit, "junit/report.rng") == "");
  CHECK(has(junit, "tests=\"8\" errors=\"0\" skipped=\"0\" failures=\"1\""));
  CHECK(has(junit, "<flakyFailure "));
  CHECK(has(junit, "&lt;script&gt;"));
  const std::string markdown = report_as(dir, "markdown");
  CAPTURE(markdown);
  CHECK(has(markdown, "&lt;script>"));
  CHECK(has(markdown, "a\\|b,c"));
  CHECK(has(markdown, "1 of 8 worlds has no result"));
  const std::string text = report_as(dir, "text");
  CAPTURE(text);
  CHECK(has(text, "again: "));
  CHECK(has(text, "No evidence names a competitor"));
  const Json json = Json::parse(report_as(dir, "json"));
  CHECK(json["worst_worlds"].size() == 2);
  CHECK(json["session_list"][0]["worlds"] == 7);
  CHECK(json["cost"]["workers_replaced"] == 1);
  const fs::path file = folder.path() / "junit.xml";
  CHECK(joust({"report", dir.string(), "--format", "junit", "-o", file.string()}).code == 0);
  CHECK(read_text(file) == junit);
}

TEST_CASE("a running tournament's report is partial on its face, and its JUnit report is valid") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), busy_worlds(1000, "20ms")).string(),
                        "--out", dir.string(), "--workers", "2"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= 3; }));
  CHECK(report_as(dir, "text").starts_with("PARTIAL: the run goes on; "));
  CHECK(has(report_as(dir, "markdown"), "> **PARTIAL:** the run goes on"));
  CHECK(Json::parse(report_as(dir, "json"))["partial"] == true);
  const std::string junit = report_as(dir, "junit");
  CHECK(xml_faults(junit, "junit/report.rng") == "");
  CHECK(has(junit, "<skipped message=\"not played yet\"/>"));
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
  CHECK(report_as(dir, "text").starts_with("PARTIAL: the run was interrupted; "));
}

TEST_CASE("compare says whether runs are the same, and --exit-code tells scripts") {
  const ScratchFolder folder;
  const fs::path spec = write_spec(folder.path(), dilemma(3, 50));
  const auto play = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"run", spec.string(), "--quiet", "--out",
                                          (folder.path() / name).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(joust(arguments).code == 0);
    return (folder.path() / name).string();
  };
  const std::string a = play("a", {"--workers", "1"});
  const std::string b = play("b", {"--workers", "3"});
  const std::string c = play("c", {"--seed", "2"});
  const Finished same = joust({"compare", a, b, "--exit-code"});
  CAPTURE(same.out);
  CHECK(same.code == 0);
  CHECK(has(same.out, "36 the same, 0 different"));
  CHECK(joust({"compare", a, b, c}).code == 0);
  CHECK(joust({"compare", a, b, c, "--exit-code"}).code == 3);
  const Json json = Json::parse(joust({"compare", a, b, c, "--json"}).out);
  CHECK(json["all_same"] == false);
  CHECK(json["runs"][1]["difference"]["none"] == true);
  CHECK(json["runs"][2]["difference"]["comparable"] == false);
  REQUIRE(json["runs"][2]["difference"]["keys"].size() == 1);
  CHECK(json["runs"][2]["difference"]["keys"][0]["first"] == "1");
}

TEST_CASE("a report does not take the place of a run's own files") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  REQUIRE(joust({"run", write_spec(folder.path(), busy_worlds(1, "1ms")).string(), "--out",
                 dir.string()})
              .code == 0);
  fs::create_symlink(dir / "run.db", folder.path() / "link");
  const auto before = files_under(dir);
  for (const fs::path& own :
       {dir / "run.db", dir / "run.db-wal", dir / "spec.toml", dir / "events.jsonl",
        dir / "attempts" / ".." / "status.json", folder.path() / "link"}) {
    const Finished refused =
        joust({"report", dir.string(), "--format", "html", "-o", own.string()});
    CAPTURE(refused.err);
    CHECK(refused.code == 2);
    CHECK(has(refused.err, "is a file of a run, which a report would replace"));
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
  }
  CHECK(files_under(dir) == before);
  for (const char* name : {"report.html", "new.html", "new.html"}) {
    CHECK(joust({"report", dir.string(), "--format", "html", "-o", (dir / name).string()}).code ==
          0);
  }
}

TEST_CASE("what can not be compared is one clear error") {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  REQUIRE(joust({"run", write_spec(folder.path(), busy_worlds(1, "1ms")).string(), "--out",
                 dir.string()})
              .code == 0);
  for (const std::string& other : {(folder.path() / "none").string(), folder.path().string()}) {
    const Finished finished = joust({"compare", dir.string(), other});
    CAPTURE(finished.err);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.err.starts_with("joust: "));
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  }
  CHECK(joust({"compare", dir.string()}).code == 2);
}

}  // namespace
}  // namespace joust::test
