// The supervisor is killed with SIGKILL at random moments, and the run resumed each time.

#include <doctest/doctest.h>
#include <signal.h>

#include <random>
#include <set>

#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> calm_tables(const fs::path& spec) {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "calm";
  const Finished calm =
      joust({"run", spec.string(), "--out", dir.string(), "--workers", "1"}, {}, seconds(120));
  CAPTURE(calm.err);
  REQUIRE(calm.code == 0);
  return tables_of(dir);
}

TEST_CASE("20 kills of the supervisor at random moments change no table and leave no process") {
  const ScratchFolder folder;
  const fs::path spec = write_spec(folder.path(), dilemma(600, 20'000));
  const fs::path dir = folder.path() / "run";
  const auto memory_before = shared_memory_names();
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same moments in every run
  std::uniform_int_distribution<int> moment(0, 250);
  int killed = 0;
  while (killed < 20) {
    CAPTURE(killed);
    const std::vector<std::string> arguments =
        fs::exists(dir) ? std::vector<std::string>{"resume", dir.string(), "--workers", "3"}
                        : std::vector<std::string>{"run",        spec.string(), "--out",
                                                   dir.string(), "--workers",   "3"};
    JoustProcess process(arguments);
    const auto until = std::chrono::steady_clock::now() + milliseconds(moment(random));
    const bool reached = eventually(
        seconds(1), [&] { return !process.runs() || std::chrono::steady_clock::now() >= until; });
    REQUIRE(reached);
    CAPTURE(process.err());
    REQUIRE(process.runs());  // else the tournament is too short for this test
    process.signal(SIGKILL);
    CHECK(process.wait(seconds(5)) == -SIGKILL);
    ++killed;
    CHECK(eventually(seconds(1), [&] { return process.descendants().empty(); }));
  }
  const Finished last = joust({"resume", dir.string(), "--workers", "2"});
  CAPTURE(last.err);
  CHECK(last.code == 0);
  CHECK(shared_memory_names() == memory_before);
  CHECK(report_of(dir)["failed_attempts"] == 0);
  CHECK(tables_of(dir) == calm_tables(spec));
}

TEST_CASE("a run that was killed says so, and report and status can be asked about it") {
  const ScratchFolder folder;
  SpecText text = busy_worlds(50, "50ms");
  const fs::path dir = folder.path() / "run";
  {
    JoustProcess process({"run", write_spec(folder.path(), text).string(), "--out", dir.string()});
    REQUIRE(eventually(seconds(20), [&] { return results_in(dir) >= 3; }));
    REQUIRE(eventually(seconds(5), [&] { return fs::exists(dir / "status.json"); }));
    process.signal(SIGKILL);
    process.wait();
  }
  const Finished status = joust({"status", dir.string()});
  CAPTURE(status.out);
  CHECK(status.code == 0);
  CHECK(status.out.find("was killed") != std::string::npos);
  CHECK(status.out.find("joust resume") != std::string::npos);
  const auto report = report_of(dir);
  CHECK(report["state"] == "interrupted");
  CHECK(report["done"].get<int>() >= 3);
}

}  // namespace
}  // namespace joust::test
