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

SpecText tournament() {
  SpecText spec = dilemma(150, 50'000);  // 1800 worlds of some milliseconds
  spec.of_world = "attempts = 50\nretry_backoff = \"0s\"";
  spec.of_workers = "frozen_timeout = \"60ms\"";
  return spec;
}

std::map<std::string, std::string> calm_tables(const SpecText& spec) {
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "calm";
  const Finished calm = joust({"run", write_spec(folder.path(), spec).string(), "--out",
                               dir.string(), "--workers", "2", "--quiet"},
                              {}, seconds(120));
  CAPTURE(calm.err);
  REQUIRE(calm.code == 0);
  return tables_of(dir);
}

// Harms random workers, a few at a time, with at least one result committed in between.
class Assailant {
 public:
  Assailant(JoustProcess& victim, const fs::path& dir) : victim_(victim), dir_(dir) {}

  std::size_t harmed() const { return harmed_.size(); }

  // Kills or stops up to three workers. False: the run ended before.
  bool strike() {
    if (!journal_) {
      if (!eventually(seconds(20), [this] { return fs::exists(dir_); })) return false;
      journal_.emplace(dir_);
    }
    const bool progressed = eventually(
        seconds(20), [this] { return !victim_.runs() || journal_->counts().results > seen_; });
    if (!progressed || !victim_.runs()) return false;
    seen_ = journal_->counts().results;
    std::vector<int> workers = victim_.workers();
    std::erase_if(workers, [this](int pid) { return harmed_.contains(pid); });
    std::shuffle(workers.begin(), workers.end(), random_);
    if (workers.size() > 3) workers.resize(3);
    for (const int pid : workers) {
      if (::kill(pid, harmed_.size() % 6 == 5 ? SIGSTOP : SIGKILL) == 0) harmed_.insert(pid);
    }
    return true;
  }

 private:
  JoustProcess& victim_;
  fs::path dir_;
  std::optional<journal::Reader> journal_;
  std::uint64_t seen_ = 0;
  std::set<int> harmed_;           // process ids; each only once
  std::mt19937 random_{20240607};  // NOLINT(cert-msc51-cpp): the same choices in every run
};

TEST_CASE("500 kills and 100 stops of random workers leave no trace in the tables") {
  const SpecText spec = tournament();
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), spec).string(), "--out", dir.string(),
                        "--workers", "5", "--quiet"});
  Assailant assailant(process, dir);
  while (assailant.harmed() < 600 && assailant.strike()) {
  }
  CAPTURE(process.err());
  CHECK(assailant.harmed() >= 600);
  CHECK(process.runs());
  CHECK(process.wait(seconds(120)) == 0);
  CHECK(process.descendants().empty());
  const auto report = report_of(dir);
  CHECK(report["complete"] == true);
  CHECK(report["workers"]["lost"].get<int>() >= 595);  // a few had just been asked to end
  CHECK(report["failures"].contains("crashed"));
  CHECK(report["failures"].contains("frozen"));
  CHECK(tables_of(dir) == calm_tables(spec));
}

TEST_CASE("all workers killed at once, again and again: the run goes on") {
  SpecText spec = dilemma(400, 50'000);
  spec.of_world = "attempts = 50";
  const ScratchFolder folder;
  const fs::path dir = folder.path() / "run";
  JoustProcess process({"run", write_spec(folder.path(), spec).string(), "--out", dir.string(),
                        "--workers", "4", "--quiet"});
  std::uint64_t seen = 0;
  std::set<int> killed;
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    std::vector<int> workers;
    REQUIRE(eventually(seconds(20), [&] {
      workers = process.workers();
      return workers.size() == 4 && results_in(dir) > seen;
    }));
    seen = results_in(dir);
    for (const int worker : workers) ::kill(worker, SIGKILL);
    killed.insert(workers.begin(), workers.end());
  }
  CHECK(process.wait() == 0);
  CHECK(report_of(dir)["workers"]["lost"].get<std::size_t>() == killed.size());
  CHECK(tables_of(dir) == calm_tables(spec));
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
