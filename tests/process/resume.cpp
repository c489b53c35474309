// Going on with a run: from any point, with the same spec only, one supervisor at a time.

#include <doctest/doctest.h>
#include <signal.h>

#include <fstream>

#include "runner/journal/reader.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

struct Folder {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";

  std::vector<std::string> run_arguments(const SpecText& spec) const {
    return {"run", write_spec(folder.path(), spec).string(), "--out", dir.string()};
  }
  Finished run(const SpecText& spec) const { return joust(run_arguments(spec)); }
  Finished resume(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"resume", dir.string()});
    return joust(options);
  }
  // Leaves an interrupted run behind, with at least so many results.
  void interrupt_after(std::uint64_t results, const SpecText& spec) const {
    JoustProcess process(run_arguments(spec));
    REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= results; }));
    process.signal(SIGINT);
    REQUIRE(process.wait() == 130);
    REQUIRE(report_of(dir)["complete"] == false);
  }
  void replace_in_spec(const std::string& old_text, const std::string& new_text) const {
    std::string text = read_text(dir / "spec.toml");
    const auto at = text.find(old_text);
    REQUIRE(at != std::string::npos);
    write_text(dir / "spec.toml", text.replace(at, old_text.size(), new_text));
  }
};

TEST_CASE("an interrupted run is resumed, also with a seed from the command line") {
  const Folder folder;
  const SpecText spec = dilemma(100, 20'000);
  {
    std::vector<std::string> arguments = folder.run_arguments(spec);
    arguments.insert(arguments.end(), {"--seed", "77", "--workers", "3"});
    JoustProcess process(arguments);
    REQUIRE(eventually(seconds(20), [&] { return results_in(folder.dir) >= 10; }));
    process.signal(SIGINT);
    REQUIRE(process.wait() == 130);
  }
  const auto before = results_in(folder.dir);
  const Finished resumed = folder.resume({"--workers", "1"});
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(before < results_in(folder.dir));
  CHECK(report_of(folder.dir)["seed"] == 77);
  const Folder calm;
  std::vector<std::string> arguments = calm.run_arguments(spec);
  arguments.insert(arguments.end(), {"--seed", "77"});
  CHECK(joust(arguments).code == 0);
  CHECK(tables_of(folder.dir) == tables_of(calm.dir));
}

TEST_CASE("a spec that decides other results is refused, and the keys are named") {
  const Folder folder;
  folder.interrupt_after(1, busy_worlds(50, "20ms"));
  folder.replace_in_spec("configs = 50", "configs = 60");
  folder.replace_in_spec("20ms", "21ms");
  const auto before = results_in(folder.dir);
  const Finished refused = folder.resume();
  CAPTURE(refused.err);
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "tournament.configs: 50 in the run, 60 in spec.toml"));
  CHECK(has(refused.err, "world.parameters.work"));
  CHECK(results_in(folder.dir) == before);
  folder.replace_in_spec("configs = 60", "configs = 50");
  folder.replace_in_spec("21ms", "20ms");
  CHECK(folder.resume().code == 0);
}

TEST_CASE("how the pool works may change when a run is resumed") {
  const Folder folder;
  folder.interrupt_after(1, busy_worlds(20, "20ms"));
  folder.replace_in_spec("[workers]", "[workers]\ncount = 3\nframes = 1");
  CHECK(folder.resume().code == 2);  // but not to nonsense
  folder.replace_in_spec("frames = 1", "frozen_timeout = \"1s\"");
  folder.replace_in_spec("[world]", "[world]\nattempts = 7");
  const Finished resumed = folder.resume();
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
}

TEST_CASE("a second supervisor on the same folder is refused and disturbs nothing") {
  const Folder folder;
  JoustProcess process(folder.run_arguments(busy_worlds(10, "100ms")));
  REQUIRE(eventually(seconds(20), [&] { return results_in(folder.dir) >= 1; }));
  const Finished second = folder.resume();
  CAPTURE(second.err);
  CHECK(second.code == 2);
  CHECK(has(second.err, "another joust"));
  CHECK(has(second.err, std::to_string(process.pid())));
  CHECK(process.wait() == 0);
}

TEST_CASE("an existing run directory is never overwritten") {
  const Folder folder;
  REQUIRE(folder.run(busy_worlds(1, "1ms")).code == 0);
  const auto before = tables_of(folder.dir);
  const Finished again = folder.run(busy_worlds(2, "1ms"));
  CAPTURE(again.err);
  CHECK(again.code == 2);
  CHECK(has(again.err, "joust resume " + folder.dir.string()));
  CHECK(tables_of(folder.dir) == before);
}

TEST_CASE("resuming a finished run plays nothing and succeeds") {
  const Folder folder;
  REQUIRE(folder.run(busy_worlds(3, "1ms")).code == 0);
  const auto before = tables_of(folder.dir);
  const auto report = report_of(folder.dir);
  const std::string status = read_text(folder.dir / "status.json");
  const fs::path table = folder.dir / "t-stage-0001" / "scores.csv";
  REQUIRE(fs::remove(table));
  const Finished again = folder.resume();
  CAPTURE(again.err);
  CHECK(again.code == 0);
  CHECK(has(again.err, "nothing is left to play"));
  CHECK(has(again.out, "winner"));
  CHECK(tables_of(folder.dir) == before);  // written again
  CHECK(report_of(folder.dir) == report);
  CHECK(read_text(folder.dir / "status.json") == status);
}

TEST_CASE("a damaged journal is named and not overwritten") {
  const Folder folder;
  folder.interrupt_after(1, busy_worlds(50, "20ms"));
  const fs::path journal = folder.dir / "run.db";
  std::string content = read_text(journal);
  for (std::size_t at = 0; at < content.size() && at < 8192; ++at) content[at] = '\xA5';
  write_text(journal, content);
  for (const char* command : {"resume", "report"}) {
    const Finished refused = joust({command, folder.dir.string()});
    CAPTURE(command);
    CAPTURE(refused.err);
    CHECK((refused.code == 2 || refused.code == 5));
    CHECK(has(refused.err, journal.string()));
    CHECK(read_text(journal) == content);
  }
}

TEST_CASE("a folder that is no run directory is refused") {
  const Folder folder;
  for (const char* command : {"resume", "report", "status"}) {
    CAPTURE(command);
    const Finished none = joust({command, folder.dir.string()});
    CHECK(none.code == 2);
    CHECK(has(none.err, folder.dir.string()));
    const Finished other = joust({command, folder.folder.path().string()});
    CHECK(other.code == 2);
    CHECK(has(other.err, folder.folder.path().string()));
  }
}

}  // namespace
}  // namespace joust::test
