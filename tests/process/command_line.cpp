// The commands as a user or a script sees them: what goes to standard output, what to standard
// error, and the exit codes.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct Folder {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  fs::path write(const SpecText& spec) const { return write_spec(folder.path(), spec); }
};

TEST_CASE("a misused command line exits with 2 and says what is wrong on standard error") {
  const Folder folder;
  const std::string spec = folder.write(busy_worlds(1, "1ms"));
  const std::string out = folder.dir;
  const std::vector<std::vector<std::string>> misuses = {
      {},
      {"fly"},
      {"run"},
      {"run", spec, "--wings", "2"},
      {"run", spec, "--seed", "soon", "--out", out},
      {"run", spec, "--seed", "-1", "--out", out},
      {"run", spec, "--seed", "9223372036854775808", "--out", out},
      {"run", spec, "--workers", "0", "--out", out},
      {"run", spec, "--workers", "many", "--out", out},
      {"run", spec, "--workers", "-1", "--out", out},
      {"run", spec, "--nice", "20", "--out", out},
      {"run", spec, "--nice", "-1", "--out", out},
      {"run", spec, "--nice", "kind", "--out", out},
      {"run", spec, "--ionice", "best-effort:8", "--out", out},
      {"run", spec, "--ionice", "realtime", "--out", out},
      {"run", spec, "--pin", "--no-pin", "--out", out},
      {"run", folder.folder.path() / "none.toml", "--out", out},
      {"run", folder.folder.path(), "--out", out},
      {"run", spec, "extra", "--out", out},
      {"resume"},
      {"report", out, "--format", "smoke"},
      {"plan", folder.folder.path() / "none.toml"},
      {"worlds", "no-such-world"},
  };
  for (const auto& arguments : misuses) {
    std::string shown;
    for (const std::string& argument : arguments) shown += " " + argument;
    CAPTURE(shown);
    const Finished finished = joust(arguments);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK_FALSE(finished.err.empty());
    CHECK_FALSE(has(finished.err, "joust: internal error"));
    CHECK(finished.err.starts_with(arguments.empty() ? "joust plays tournaments" : "joust: "));
    CHECK((arguments.empty() || std::count(finished.err.begin(), finished.err.end(), '\n') == 1));
  }
  CHECK_FALSE(fs::exists(folder.dir));
}

TEST_CASE("--version and --help answer on standard output") {
  const Finished version = joust({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("joust "));
  CHECK(version.err.empty());
  const Finished help = joust({"--help"});
  CHECK(help.code == 0);
  CHECK(has(help.out, "Exit codes"));
  for (const char* command :
       {"run", "resume", "report", "compare", "status", "plan", "worlds", "doctor"}) {
    CAPTURE(command);
    CHECK(has(help.out, command));
    CHECK(joust({command, "--help"}).code == 0);
  }
}

TEST_CASE("without a terminal there are no escape sequences and no carriage returns") {
  const Folder folder;
  const Finished run =
      joust({"run", folder.write(busy_worlds(10, "5ms")), "--out", folder.dir.string()});
  CHECK(run.code == 0);
  for (const std::string& text : {run.out, run.err}) {
    CAPTURE(text);
    CHECK_FALSE(has(text, "\033"));
    CHECK_FALSE(has(text, "\r"));
  }
  CHECK(has(run.out, "worlds"));
}

TEST_CASE("--json prints one JSON object on standard output, the same as joust report") {
  const Folder folder;
  const Finished run =
      joust({"run", folder.write(busy_worlds(3, "1ms")), "--out", folder.dir.string(), "--json"});
  CAPTURE(run.out);
  REQUIRE(run.code == 0);
  const Json summary = Json::parse(run.out);
  CHECK(summary["done"] == 6);
  CHECK(summary["complete"] == true);
  CHECK(summary["state"] == "finished");
  CHECK(summary == report_of(folder.dir));
}

TEST_CASE("--quiet prints nothing when all is well, and --quiet --json only the summary") {
  const Folder folder;
  const fs::path spec = folder.write(busy_worlds(3, "1ms"));
  const Finished quiet = joust({"run", spec.string(), "--out", folder.dir.string(), "--quiet"});
  CHECK(quiet.code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  const Finished both =
      joust({"run", spec.string(), "--out", folder.dir.string() + "2", "--quiet", "--json"});
  CHECK(both.code == 0);
  CHECK(Json::parse(both.out)["done"] == 6);
  CHECK(both.err.empty());
}

TEST_CASE("without --out the results go to runs/<name>, and --name renames them") {
  const Folder folder;
  JoustOptions options;
  options.folder = folder.folder.path();
  const fs::path spec = folder.write(busy_worlds(1, "1ms"));
  CHECK(joust({"run", spec.string()}, options).code == 0);
  CHECK(fs::exists(folder.folder.path() / "runs" / "t" / "run.db"));
  CHECK(joust({"run", spec.string(), "--name", "u"}, options).code == 0);
  CHECK(fs::exists(folder.folder.path() / "runs" / "u" / "u-stage-0001" / "scores.csv"));
  CHECK(joust({"resume", "runs/u/"}, options).code == 0);
}

TEST_CASE("--in-process gives the same tables as the pool") {
  const Folder folder;
  const fs::path spec = folder.write(dilemma(20, 500));
  const Finished here =
      joust({"run", spec.string(), "--out", folder.dir.string() + "-here", "--in-process"});
  CAPTURE(here.err);
  CHECK(here.code == 0);
  CHECK(joust({"run", spec.string(), "--out", folder.dir.string(), "--workers", "3"}).code == 0);
  CHECK(tables_of(folder.dir.string() + "-here") == tables_of(folder.dir));
}

TEST_CASE("what worlds print in this process is kept out of what joust prints") {
  const ScratchFolder folder;
  const std::string dir = (folder.path() / "run").string();
  write_text(folder.path() / "t.toml",
             fmt::format("[tournament]\nname = \"t\"\n"
                         "[world]\nkind = \"command\"\nattempts = 1\n"
                         "command = [\"python3\", \"{}/command/misbehave.py\", \"exit\"]\n"
                         "[[competitor]]\nname = \"A\"\ntype = \"a\"\n"
                         "[[competitor]]\nname = \"B\"\ntype = \"b\"\n",
                         JOUST_TEST_DATA));
  const Finished run =
      joust({"run", (folder.path() / "t.toml").string(), "--out", dir, "--in-process", "--json"});
  CAPTURE(run.err);
  CHECK(run.code == 3);
  CHECK(run.err.find("my last words") != std::string::npos);
  CHECK(nlohmann::json::parse(run.out)["done"] == 9);
  const Finished again = joust({"replay", dir, "3"});
  CHECK(again.out.find("my last words") == std::string::npos);
  CHECK(again.err.find("my last words") != std::string::npos);
}

TEST_CASE("--in-process is stopped by a signal and can be resumed with workers") {
  const Folder folder;
  const fs::path spec = folder.write(busy_worlds(100, "20ms"));
  JoustProcess process({"run", spec.string(), "--out", folder.dir.string(), "--in-process"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(folder.dir) >= 2; }));
  process.signal(SIGTERM);
  CHECK(process.wait() == 143);
  CHECK(has(process.err(), "joust resume"));
  CHECK(report_of(folder.dir)["state"] == "interrupted");
  CHECK(joust({"resume", folder.dir.string()}).code == 0);
}

TEST_CASE("status and report can be asked while a run goes on") {
  const Folder folder;
  JoustProcess process({"run", folder.write(busy_worlds(1000, "50ms")), "--out",
                        folder.dir.string(), "--workers", "2"});
  REQUIRE(eventually(seconds(20), [&] { return results_in(folder.dir) >= 3; }));
  REQUIRE(eventually(seconds(20), [&] {
    const Finished status = joust({"status", folder.dir.string()});
    return has(status.out, "running (process " + std::to_string(process.pid())) &&
           has(status.out, "busy");
  }));
  const Finished status = joust({"status", folder.dir.string()});
  CAPTURE(status.out);
  CHECK(has(status.out, "2000"));
  const Json json = Json::parse(joust({"status", folder.dir.string(), "--json"}).out);
  CHECK(json["pid"] == process.pid());
  const Json report = report_of(folder.dir);
  CHECK(report["state"] == "running");
  CHECK(report["winners"].empty());
  CHECK(report["done"].get<int>() >= 3);

  JoustProcess watch({"status", folder.dir.string(), "--watch"});
  REQUIRE(eventually(seconds(20), [&] {
    const std::string out = watch.out();
    return out.find("tournament") != out.rfind("tournament");  // it was shown twice
  }));
  process.signal(SIGINT);
  CHECK(process.wait() == 130);
  CHECK(watch.wait(seconds(10)) == 0);  // it ends with the run
  CHECK(has(watch.out(), "interrupted"));
}

TEST_CASE("status --watch ends at once when it is asked to") {
  const Folder folder;
  JoustProcess process({"run", folder.write(busy_worlds(1000, "50ms")), "--out",
                        folder.dir.string(), "--workers", "1"});
  REQUIRE(eventually(seconds(20), [&] { return fs::exists(folder.dir / "status.json"); }));
  JoustProcess watch({"status", folder.dir.string(), "--watch"});
  REQUIRE(eventually(seconds(20), [&] { return !watch.out().empty(); }));
  watch.signal(SIGINT);
  CHECK(watch.wait(milliseconds(800)) == 0);
}

TEST_CASE("plan and worlds answer without playing anything") {
  const Folder folder;
  const fs::path spec = folder.write(dilemma(10, 100));
  const Json plan = Json::parse(joust({"plan", spec.string(), "--json"}).out);
  CHECK(plan["worlds"] == 120);
  CHECK(has(joust({"plan", spec.string()}).out, "120 worlds"));
  const Finished worlds = joust({"worlds"});
  CHECK(worlds.code == 0);
  CHECK(has(worlds.out, "prisoners-dilemma"));
  CHECK(has(joust({"worlds", "prisoners-dilemma"}).out, "TitForTat"));
  CHECK(Json::parse(joust({"worlds", "--json"}).out).is_array());
  CHECK_FALSE(fs::exists(folder.dir));
}

TEST_CASE("a report goes to a file, whole or not at all") {
  const Folder folder;
  REQUIRE(joust({"run", folder.write(busy_worlds(1, "1ms")), "--out", folder.dir.string()}).code ==
          0);
  const fs::path file = folder.folder.path() / "report.json";
  const Finished written =
      joust({"report", folder.dir.string(), "--format", "json", "--output", file.string()});
  CHECK(written.code == 0);
  CHECK(written.out.empty());
  CHECK(Json::parse(read_text(file)) == report_of(folder.dir));
  const Finished failed =
      joust({"report", folder.dir.string(), "-o", (folder.dir / "no" / "folder").string()});
  CAPTURE(failed.err);
  CHECK(failed.code != 0);
  CHECK(has(failed.err, "no/folder"));
  CHECK_FALSE(has(failed.err, "internal error"));
}

TEST_CASE("a report can be interrupted") {
  const Folder folder;
  REQUIRE(joust({"run", folder.write(busy_worlds(1, "1ms")), "--out", folder.dir.string()}).code ==
          0);
  // the spec comes through a pipe that we hold open and never write to
  const fs::path spec = folder.dir / "spec.toml";
  fs::remove(spec);
  REQUIRE(::mkfifo(spec.c_str(), 0600) == 0);
  JoustProcess process({"report", folder.dir.string()});
  int writer = -1;
  REQUIRE(eventually(seconds(5), [&] {
    writer = ::open(spec.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    return writer >= 0;  // joust has opened the other end
  }));
  process.signal(SIGINT);
  CHECK(process.wait(seconds(5)) == -SIGINT);
  ::close(writer);
}

}  // namespace
}  // namespace joust::test
