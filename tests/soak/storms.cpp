// Random tournaments in random weather: workers are killed and stopped from outside and by --chaos,
// the supervisor is interrupted, suspended and killed, and resumed with another number of workers,
// until the run is finished. Its tables must be those of a calm run, and nothing may be left of it.
//
// JOUST_SOAK_MINUTES=n goes on for so long (half a minute otherwise), JOUST_SOAK_SEED=s begins with
// that story. tools/soak.sh sets both.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <map>
#include <set>

#include "runner/os/run_cgroup.hpp"
#include "tests/soak/soak_time.hpp"
#include "tests/support/process_joust.hpp"
#include "tests/support/process_probe.hpp"
#include "tests/support/process_spec.hpp"
#include "tests/support/sim_random.hpp"

namespace joust::test {
namespace {

namespace fs = std::filesystem;
using sim::Random;

constexpr unsigned kMostSessions = 60;

// How long bare strays sleep: nobody else does for just so long.
std::string stray_seconds() { return fmt::format("61.{:09}", ::getpid()); }

std::string kinds_of_trouble(Random& random) {
  const std::vector<std::string> deeds = {
      "crash p=0.03",
      "exit p=0.03 code=7",
      "corrupt p=0.02",
      "throw p=0.05",
      "garbage p=0.02",
      "stop p=0.01",
      "block p=0.01",
      "print p=0.1 size=200KiB",
      "result p=0.05 size=300KiB",
      "sleep p=0.1 for=5ms",
      "stray p=0.02 as=daemon for=1m",
  };
  // killed joust may leave such behind where it has no control group
  static const bool has_cgroup = os::RunCgroup::create().has_value();
  std::string script;
  if (has_cgroup && random.percent(40)) {
    script = fmt::format("\"stray p=0.01 as=bare for={}s\", ", stray_seconds());
  }
  for (const std::string& deed : deeds) {
    if (random.percent(40)) script += fmt::format("\"{}\", ", deed);
  }
  return script;
}

SpecText random_spec(Random& random) {
  SpecText spec;
  switch (random.below(4)) {
    case 0:
      spec = dilemma(static_cast<int>(random.between(5, 60)),
                     static_cast<int>(random.between(10, 20'000)));
      break;
    case 1:
      spec = busy_worlds(static_cast<int>(random.between(50, 1000)),
                         fmt::format("{}us", random.below(3000)));
      spec.parameters +=
          fmt::format("\npayload = {}", random.percent(50) ? 0 : random.below(200'000));
      break;
    case 2:
      spec.world = "scml-oneshot";
      spec.competitors = {"RandomOneShotAgent", "NiceAgent", "GreedyOneShotAgent",
                          "DoNothingAgent"};
      spec.type.clear();
      spec.configs = static_cast<int>(random.between(1, 20));
      break;
    default:
      spec.world = "chaos";
      spec.configs = static_cast<int>(random.between(20, 300));
      spec.parameters = fmt::format("work = \"2ms\"\nscript = [{}]", kinds_of_trouble(random));
  }
  spec.seed = static_cast<int>(random.below(1'000'000));
  // so many attempts that bad luck gives no world up, and time-outs that a busy machine can keep
  spec.of_world = "attempts = 100\nretry_backoff = \"1ms\"\nstall_timeout = \"1s\"";
  spec.of_workers = fmt::format("frozen_timeout = \"150ms\"\nring_size = \"{}KiB\"",
                                std::uint64_t{64} << random.below(5));
  return spec;
}

struct Tally {
  std::uint64_t stories = 0;
  std::uint64_t worlds = 0;
  std::map<std::string, std::uint64_t> misfortunes;
};

// One tournament, from its first session to the last resume.
class Story {
 public:
  Story(std::uint64_t seed, Tally& tally)
      : random_(Random::of({0x50AC, seed})), spec_(random_spec(random_)), tally_(tally) {}

  void play() {
    const fs::path spec = write_spec(folder_.path(), spec_);
    CAPTURE(to_toml(spec_));
    const Finished calm =
        joust({"run", spec.string(), "--out", calm_dir(), "--quiet"}, {}, seconds(300));
    CAPTURE(calm.err);
    REQUIRE(calm.code == 0);
    unsigned sessions = 0;
    while (session(spec)) REQUIRE(++sessions < kMostSessions);
    CHECK(tables_of(dir()) == tables_of(calm_dir()));
    const nlohmann::json report = report_of(dir());
    CHECK(report["done"] == report["expected"]);
    CHECK(results_in(dir()) == report["expected"]);
    tally_.worlds += results_in(dir());
    ++tally_.stories;
  }

 private:
  std::string dir() const { return (folder_.path() / "storm").string(); }
  std::string calm_dir() const { return (folder_.path() / "calm").string(); }

  // Plays on until it ends or is ended. Whether another session is needed.
  bool session(const fs::path& spec) {
    JoustProcess::Arguments arguments =
        fs::exists(dir()) ? JoustProcess::Arguments{"resume", dir()}
                          : JoustProcess::Arguments{"run", spec.string(), "--out", dir()};
    arguments.insert(arguments.end(),
                     {"--workers", std::to_string(random_.between(1, 5)), "--quiet"});
    if (random_.percent(40)) {
      arguments.insert(
          arguments.end(),
          {"--chaos", fmt::format("kill={}/s,stop={}/s,seed={}", random_.between(1, 100),
                                  random_.below(5), random_.below(1000))});
      note("--chaos");
    }
    JoustProcess process(arguments);
    const bool harried = random_.percent(60);
    // later sessions are left alone for longer, so that a story ends
    const auto patience_with_it =
        random_.of_any_size(milliseconds(2), milliseconds(200) * ++played_);
    const auto until = std::chrono::steady_clock::now() + patience_with_it;
    while (process.runs() && std::chrono::steady_clock::now() < until) {
      eventually(random_.between(Duration(milliseconds(1)), Duration(milliseconds(60))),
                 [&] { return !process.runs(); });
      if (harried) harry(process);
    }
    if (process.runs() && random_.percent(90)) end(process);
    const int code = process.wait(seconds(300));
    CAPTURE(process.err());
    // one second after any end nothing of it lives
    CHECK(eventually(seconds(1), [&] {
      return process.descendants().empty() && sleepers(stray_seconds()).empty();
    }));
    if (code == 0) return false;
    // interrupted (even before it could hear that), killed, or so harried that it gave up
    CHECK(std::set{130, 143, 4, -SIGINT, -SIGKILL}.contains(code));
    return true;
  }

  void harry(const JoustProcess& process) {
    const std::vector<int> workers = process.workers();
    if (workers.empty()) return;
    const int victim = workers[random_.below(workers.size())];
    switch (random_.below(6)) {
      case 0:
        note("worker stopped");
        ::kill(victim, SIGSTOP);
        return;
      case 1:
        note("all workers killed");
        for (const int pid : workers) ::kill(pid, SIGKILL);
        return;
      case 2:
        if (const int guard = guard_of(process.pid()); guard > 0 && random_.percent(20)) {
          note("guard killed");
          ::kill(guard, SIGKILL);
          // without a guard nobody is left to clear up, should joust itself be killed next
          eventually(seconds(5), [&] {
            const int next = guard_of(process.pid());
            return next > 0 && next != guard;
          });
        }
        return;
      default:
        note("worker killed");
        ::kill(victim, SIGKILL);
    }
  }

  void end(JoustProcess& process) {
    switch (random_.below(5)) {
      case 0:
        note("suspended for a while");
        process.signal(SIGSTOP);
        eventually(milliseconds(300), [&] { return !process.runs(); });
        process.signal(SIGCONT);
        return;
      case 1:
        note("Ctrl-C");
        process.signal(SIGINT);
        return;
      case 2:
        note("Ctrl-C twice");
        process.signal(SIGINT);
        eventually(milliseconds(5), [&] { return !process.runs(); });
        process.signal(SIGINT);
        return;
      default:
        note("supervisor killed");
        process.signal(SIGKILL);
    }
  }

  void note(const std::string& misfortune) { ++tally_.misfortunes[misfortune]; }

  Random random_;
  SpecText spec_;
  Tally& tally_;
  ScratchFolder folder_;
  int played_ = 0;
};

TEST_CASE("random tournaments in random weather end in the tables of calm ones") {
  const auto shared_before = shared_memory_names();
  const auto end = std::chrono::steady_clock::now() + soak_time() / 2;
  Tally tally;
  std::uint64_t seed = number_from_environment("JOUST_SOAK_SEED").value_or(1);
  do {
    CAPTURE(seed);
    INFO("again: JOUST_SOAK_SEED=", seed, " joust_soak_tests --source-file=*/soak/storms.cpp");
    Story(seed++, tally).play();
  } while (std::chrono::steady_clock::now() < end);
  CHECK(shared_memory_names() == shared_before);

  std::string table = fmt::format("stories {}, worlds counted {}\n", tally.stories, tally.worlds);
  for (const auto& [misfortune, count] : tally.misfortunes) {
    table += fmt::format("  {:<24}{:>8}\n", misfortune, count);
  }
  MESSAGE("\n"
          << table
          << "every table as in a calm run; nothing left in the process table or /dev/shm");
}

}  // namespace
}  // namespace joust::test
