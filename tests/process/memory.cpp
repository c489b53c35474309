// Workers that take much memory: as many run as fit, none is lost to another's appetite, and who
// takes too much is told so.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "runner/os/process_state.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

// What 2 GiB of workers may come to. Under AddressSanitizer everything is so slow that one worker
// more may grow before anybody has looked; what is over is taken back then.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t kTwoGibibytes = (2048 + 300) * kMiB;
#else
constexpr std::uint64_t kTwoGibibytes = 2048 * kMiB;
#endif

SpecText chaos(int configs, const std::string& script, const std::string& of_workers) {
  SpecText spec;
  spec.world = "chaos";
  spec.configs = configs;
  spec.parameters = fmt::format("work = \"20ms\"\nscript = [{}]", script);
  spec.of_workers = of_workers;
  return spec;
}

// Worlds that are played by the Python program world.py beside the spec.
std::string python_worlds(int configs, const std::string& of_workers) {
  return fmt::format(
      "[tournament]\nname = \"t\"\nconfigs = {}\n"
      "[world]\nkind = \"command\"\ncommand = [\"python3\", \"-m\", \"joust\", \"world.py\"]\n"
      "env = {{ PYTHONPATH = \"{}/tools/python\" }}\n"
      "[[competitor]]\ntype = \"a\"\n[[competitor]]\ntype = \"b\"\n[workers]\n{}\n",
      configs, JOUST_SOURCE_DIR, of_workers);
}

// Loads 250 MB before it is ready, each page of it in use.
constexpr const char* kHeavyProgram =
    "import time\nimport joust\nballast = bytearray(b'x') * 250_000_000\n"
    "@joust.world\ndef play(world):\n    time.sleep(0.15)\n    return [1, 0]\n";

// A run that is watched while it goes on: how much its workers had at once, and how many they were.
struct Watched {
  ScratchFolder folder;
  fs::path dir = folder.path() / "run";
  std::uint64_t most_bytes = 0;
  std::size_t most_workers = 0;
  int code = -1;
  std::string err;

  explicit Watched(const std::string& toml, const std::string& program = "") {
    write_text(folder.path() / "t.toml", toml);
    write_text(folder.path() / "world.py", program);
    JoustProcess process({"run", (folder.path() / "t.toml").string(), "--out", dir.string()});
    const bool ended = eventually(seconds(60), [&] {
      std::uint64_t bytes = 0;
      const std::vector<int> workers = process.workers();
      for (const int pid : workers) bytes += os::own_memory_of_family(pid);
      most_bytes = std::max(most_bytes, bytes);
      most_workers = std::max(most_workers, workers.size());
      return !process.runs();
    });
    err = process.err();
    CAPTURE(err);
    REQUIRE(ended);
    code = process.wait();
  }

  std::vector<nlohmann::json> events(std::string_view name) const {
    std::vector<nlohmann::json> found;
    for (const auto& event : events_of(dir)) {
      if (event["event"] == name) found.push_back(event);
    }
    return found;
  }
};

TEST_CASE("sixteen programs that load 250 MB each end where there are 2 GiB") {
  const Watched run(python_worlds(40, "count = 16\nmemory = \"2GiB\""), kHeavyProgram);
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run.dir)["done"] == 80);
  CHECK(failed_attempts_of(run.dir).empty());
  CHECK(run.most_bytes <= kTwoGibibytes);
  CHECK(run.most_workers >= 4);  // that is, they are not played one by one
  CHECK(run.most_workers <= 8);
  CHECK(run.err.find("joust: memory allows ") != std::string::npos);
  REQUIRE(!run.events("memory").empty());
  CHECK(run.events("memory")[0]["workers"] == 16);
}

TEST_CASE(
    "sixteen workers that come to take 250 MB each in their worlds end where there are 2 GiB") {
  const Watched run(to_toml(
      chaos(20, "\"leak size=250MB\"", "count = 16\nmemory = \"2GiB\"\nrecycle_after = 1")));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run.dir)["done"] == 40);
  CHECK(failed_attempts_of(run.dir).empty());
  CHECK(run.most_bytes <= kTwoGibibytes);
  CHECK(run.most_workers >= 4);
}

TEST_CASE("when worlds grow beyond what there is, the youngest give way, at no charge") {
  // all start, for they are small in their first second, and grow by 300 MB after that
  SpecText spec = chaos(4, "\"sleep for=1500ms\", \"leak size=300MB\", \"sleep for=300ms\"",
                        "count = 8\nmemory = \"1GiB\"\nrecycle_after = 1");
  const Watched run(to_toml(spec));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run.dir)["done"] == 8);
  CHECK(failed_attempts_of(run.dir).empty());
  CHECK(run.most_workers >= 5);
  const auto ended = run.events("worker_ended");
  CHECK(std::any_of(ended.begin(), ended.end(), [](const nlohmann::json& event) {
    return event["ending"].get<std::string>().find("memory was short") != std::string::npos;
  }));
}

TEST_CASE("a worker over its limit is killed, and its world has the machine to itself then") {
  const Watched run(to_toml(chaos(5, "\"leak size=200MB task=3\", \"sleep for=200ms task=3\"",
                                  "count = 2\nmemory_limit = \"100MiB\"")));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run.dir)["done"] == 10);
  const auto failed = failed_attempts_of(run.dir);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].task == 3);
  CHECK(failed[0].cause == Cause::out_of_memory);
  CHECK(failed[0].detail.find("more than workers.memory_limit (100.0 MiB)") != std::string::npos);
  const auto retried = run.events("retried");
  REQUIRE(retried.size() == 1);
  CHECK(retried[0]["task"] == 3);
  // no other worker lived when it was retried: all that had started had ended, but one
  std::size_t living = 0;
  for (const auto& event : events_of(run.dir)) {
    if (event["event"] == "worker_started") ++living;
    if (event["event"] == "worker_ended" || event["event"] == "worker_lost") --living;
    if (event["event"] == "retried") CHECK(living == 1);
  }
}

TEST_CASE("worlds that are all over the limit are played one by one in the end") {
  const Watched run(
      to_toml(chaos(4, "\"leak size=120MB\", \"sleep for=400ms\"",
                    "count = 2\nmemory_limit = \"90MiB\"\nmax_deaths_without_progress = 3")));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run.dir)["done"] == 8);
  CHECK(failed_attempts_of(run.dir).size() == 8);
}

TEST_CASE("what a fork leaves to several processes counts once") {
  const Watched run(python_worlds(2, "count = 1\nmemory_limit = \"200MiB\""),
                    "import os, time, joust\nballast = bytearray(b'x') * 80_000_000\n"
                    "for child in range(4):\n"
                    "    if os.fork() == 0:\n        time.sleep(3600)\n"
                    "@joust.world\ndef play(world):\n    time.sleep(0.7)\n    return [1, 0]\n");
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(failed_attempts_of(run.dir).empty());
}

TEST_CASE("a world that is too large for the machine is given up, with what it took") {
  const Watched run(to_toml(chaos(5, "\"leak size=400MB task=3\", \"sleep for=2s task=3\"",
                                  "count = 2\nmemory = \"256MiB\"")));
  CAPTURE(run.err);
  CHECK(run.code == 3);
  CHECK(report_of(run.dir)["done"] == 9);
  const auto failed = failed_attempts_of(run.dir);
  REQUIRE(failed.size() == 3);
  for (const auto& attempt : failed) {
    CHECK(attempt.task == 3);
    CHECK(attempt.cause == Cause::out_of_memory);
    CHECK(attempt.detail.find("MiB, alone, of 256.0 MiB") != std::string::npos);
  }
}

TEST_CASE("memory that cannot be had is the cause out_of_memory, not an exception's text") {
  // 2 x 64 MiB + 256 MiB is what the kernel lets it map
  const Watched run(to_toml(
      chaos(5, "\"leak size=8GiB task=3 attempt=1\"", "count = 2\nmemory_limit = \"64MiB\"")));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  const auto failed = failed_attempts_of(run.dir);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].cause == Cause::out_of_memory);
  CHECK(run.most_bytes < 600 * kMiB);
}

TEST_CASE("workers that are replaced every few worlds lose and stall nothing") {
  // the failure that joust was written for: 756 worlds on 32 workers, ten for each
  SpecText spec = dilemma(378, 10);
  const Watched calm(to_toml(spec));
  REQUIRE(calm.code == 0);
  spec.of_workers = "count = 32\nrecycle_after = 10";
  const Watched run(to_toml(spec));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(tables_of(run.dir) == tables_of(calm.dir));
  CHECK(run.events("worker_started").size() >= 76);
  const auto ended = run.events("worker_ended");
  CHECK(std::any_of(ended.begin(), ended.end(), [](const nlohmann::json& event) {
    return event["ending"] == "recycled after 10 worlds; exit code 0";
  }));
}

TEST_CASE("a worker that grows without bound is replaced between worlds") {
  const Watched run(to_toml(chaos(30, "\"leak size=20MB\", \"sleep for=50ms\"",
                                  "count = 2\nrecycle_above = \"100MiB\"")));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(report_of(run.dir)["done"] == 60);
  CHECK(failed_attempts_of(run.dir).empty());
  const auto ended = run.events("worker_ended");
  CHECK(std::count_if(ended.begin(), ended.end(), [](const nlohmann::json& event) {
          return event["ending"].get<std::string>().starts_with("recycled: it took ");
        }) >= 4);
  CHECK(run.most_bytes < 700 * kMiB);  // 60 worlds would have taken 1200 MB
}

}  // namespace
}  // namespace joust::test
