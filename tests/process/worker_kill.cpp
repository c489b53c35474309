// Workers that are killed and stopped by somebody else, hundreds of times: the tables must not
// notice.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <random>
#include <set>

#include "runner/journal/reader.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;

using Tables = std::map<std::string, std::string>;

SpecText tournament(int configs) {
  SpecText spec = dilemma(configs, 50'000);  // worlds of some milliseconds, twelve per config
  spec.of_world = "attempts = 50\nretry_backoff = \"0s\"";
  spec.of_workers = "frozen_timeout = \"60ms\"";
  return spec;
}

Tables calm_tables(const SpecText& spec) {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "calm";
  const Finished calm = joust({"run", write_spec(folder.path(), spec).string(), "--out",
                               dir.string(), "--workers", "2", "--quiet"},
                              {}, seconds(120));
  CAPTURE(calm.err);
  REQUIRE(calm.code == 0);
  return tables_of(dir);
}

// One tournament whose workers are harmed, each at most once.
class Siege {
 public:
  Siege(const SpecText& spec, int workers)
      : process_({"run", write_spec(folder_.path(), spec).string(), "--out", dir_.string(),
                  "--workers", std::to_string(workers), "--quiet"}) {
    REQUIRE(eventually(seconds(20), [this] { return fs::exists(dir_); }));
    journal_.emplace(dir_);
  }

  // Waits until a result more than at the last call is committed, and so many workers that were not
  // harmed yet are there. Nothing: the run ended before.
  std::vector<int> next_victims(std::size_t most, std::size_t least) {
    std::vector<int> found;
    const bool came = eventually(seconds(30), [&] {
      if (!process_.runs()) return true;
      if (journal_->counts().results <= seen_) return false;
      found = process_.workers();
      std::erase_if(found, [this](int pid) { return harmed_.contains(pid); });
      return found.size() >= least;
    });
    CAPTURE(process_.err());
    REQUIRE(came);
    if (!process_.runs()) return {};
    seen_ = journal_->counts().results;
    std::shuffle(found.begin(), found.end(), random_);
    if (found.size() > most) found.resize(most);
    return found;
  }

  void harm(int worker, int signal) {
    if (::kill(worker, signal) == 0) harmed_.insert(worker);
  }
  std::size_t harmed() const { return harmed_.size(); }

  // Waits for the end; everything must have gone well.
  nlohmann::json expect_victory(const Tables& expected) {
    const int code = process_.wait(seconds(120));
    CAPTURE(process_.err());
    CHECK(code == 0);
    CHECK(process_.descendants().empty());
    CHECK(tables_of(dir_) == expected);
    auto report = report_of(dir_);
    CHECK(report["complete"] == true);
    // one that had just been asked to end is not lost
    CHECK(report["workers"]["lost"].get<std::size_t>() + 5 >= harmed_.size());
    return report;
  }

 private:
  ScratchFolder folder_;
  fs::path dir_ = folder_.path() / "run";
  JoustProcess process_;
  std::optional<journal::Reader> journal_;
  std::uint64_t seen_ = 0;
  std::set<int> harmed_;           // process ids
  std::mt19937 random_{20240607};  // NOLINT(cert-msc51-cpp): the same choices in every run
};

// One tournament is long enough for all the harm, unless this machine is too busy to do it in time:
// then there are more of them.
TEST_CASE("500 kills and 100 stops of random workers leave no trace in the tables") {
  const SpecText spec = tournament(150);
  const Tables calm = calm_tables(spec);
  std::size_t harmed = 0;
  while (harmed < 600) {
    Siege siege(spec, 5);
    for (auto victims = siege.next_victims(3, 1); !victims.empty() && harmed < 600;
         victims = siege.next_victims(3, 1)) {
      for (const int worker : victims) siege.harm(worker, ++harmed % 6 == 0 ? SIGSTOP : SIGKILL);
    }
    REQUIRE(siege.harmed() > 10);
    const auto report = siege.expect_victory(calm);
    CHECK(report["failures"].contains("crashed"));
    CHECK(report["failures"].contains("frozen"));
  }
}

TEST_CASE("joust injures its own workers when asked to, and the tables stay the same") {
  SpecText spec = tournament(60);
  spec.of_world.clear();  // three attempts: an injury costs none of them
  const Tables calm = calm_tables(spec);
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  const Finished run =
      joust({"run", write_spec(folder.path(), spec).string(), "--out", dir.string(), "--workers",
             "4", "--quiet", "--chaos", "kill=200/s,stop=20/s,seed=3"},
            {}, seconds(120));
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(tables_of(dir) == calm);
  const auto report = report_of(dir);
  CHECK(report["workers"]["injured"] > 10);
  CHECK(report["failures"].empty());
  const auto events = events_of(dir);
  CHECK(std::count_if(events.begin(), events.end(), [](const auto& event) {
          return event["event"] == "worker_injured";
        }) >= report["workers"]["injured"]);
}

TEST_CASE("all workers killed at once, again and again: the run goes on") {
  const SpecText spec = tournament(60);
  const Tables calm = calm_tables(spec);
  int rounds = 0;
  while (rounds < 12) {
    Siege siege(spec, 4);
    for (auto victims = siege.next_victims(4, 4); !victims.empty() && rounds < 12;
         victims = siege.next_victims(4, 4)) {
      for (const int worker : victims) siege.harm(worker, SIGKILL);
      ++rounds;
    }
    REQUIRE(siege.harmed() > 0);
    siege.expect_victory(calm);
  }
}

TEST_CASE("without any world finished in between, deaths end the run with a diagnosis") {
  SpecText spec = busy_worlds(10, "100s");
  spec.of_world = "attempts = 50\nretry_backoff = \"0s\"";
  spec.of_workers = "count = 2\nmax_deaths_without_progress = 12";
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process(
      {"run", write_spec(folder.path(), spec).string(), "--out", dir.string(), "--quiet"});
  const bool ended = eventually(seconds(20), [&] {
    for (const int worker : process.workers()) {
      // only those that play: a worker killed before it was ready is another story
      const auto events = events_of(dir);
      const bool ready = std::any_of(events.begin(), events.end(), [&](const auto& event) {
        if (event["event"] != "worker_started" || event["pid"] != worker) return false;
        return std::any_of(events.begin(), events.end(), [&](const auto& other) {
          return other["event"] == "worker_ready" && other["slot"] == event["slot"] &&
                 other["epoch"] == event["epoch"];
        });
      });
      if (ready) ::kill(worker, SIGKILL);
    }
    return !process.runs();
  });
  CAPTURE(process.err());
  REQUIRE(ended);
  CHECK(process.wait() == 4);
  CHECK(process.err().find("12 workers died and no world finished in between") !=
        std::string::npos);
  CHECK(process.err().find("SIGKILL") != std::string::npos);
}

}  // namespace
}  // namespace joust::test
