// From a misfortune to a replacement that plays: the time from SIGKILL or SIGSTOP of a worker, or
// from the begin of a world that computes for ever, until the next worker of that slot is ready and
// has its next world. This is what each crash costs, beside the world that was lost.
//
// One worker plays. At its first attempt every world keeps `--rss` bytes in use and then computes
// for ever; at its second, in the replacement, it returns at once. So each worker that meets the
// misfortune has that much memory to give back.

#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benchmarks/support/harness.hpp"
#include "benchmarks/support/program.hpp"
#include "common/text.hpp"
#include "runner/os/clock.hpp"

namespace {

using namespace joust;

struct Options {
  std::string how = "kill";
  std::string rss = "0B";
  std::string timeout = "1s";
  std::uint64_t times = 0;
};

// Brings the misfortune about, once per worker, and notes when the replacement is ready.
class Striker : public os::Observer {
 public:
  Striker(int signal, std::uint64_t rss) : signal_(signal), rss_(rss) {}

  void worker_started(const journal::WorkerStart& start) override {
    pid_ = static_cast<pid_t>(start.pid);
  }

  void worker_ready(const core::WorkerId&) override {
    if (struck_) times_.push_back(os::now() - *struck_);
    struck_.reset();
  }

  Duration tick_period() const override { return std::chrono::milliseconds(2); }

  // A world that computes for ever is its own misfortune, which began when it was given out.
  void tick(const os::Picture& picture) override {
    const os::SlotPicture& slot = picture.slots.front();
    // At its second attempt a world is over at once.
    const bool spins = slot.state == "busy" && slot.since > std::chrono::milliseconds(5);
    if (struck_ || !spins || slot.rss < rss_) return;
    struck_ = os::now();
    if (signal_ == 0) {
      struck_ = *struck_ - slot.since;
    } else {
      ::kill(pid_, signal_);
    }
  }

  const std::vector<Duration>& times() const { return times_; }

 private:
  int signal_;  // 0: none, the world itself is the misfortune
  std::uint64_t rss_;
  pid_t pid_ = 0;
  std::optional<TimePoint> struck_;
  std::vector<Duration> times_;
};

int signal_of(const std::string& how) {
  if (how == "kill") return SIGKILL;
  return how == "stop" ? SIGSTOP : 0;
}

void measure(const Options& options) {
  const std::uint64_t rss = parse_size(options.rss).value();
  const Duration timeout = parse_duration(options.timeout).value();
  Tournament tournament = bench::make_tournament("chaos", 2 * options.times, 1);
  std::vector<std::string> script = {"spin attempt=1"};
  if (rss > 0) script.insert(script.begin(), fmt::format("leak attempt=1 size={}", options.rss));
  tournament.setup.parameters.set("script", script);
  tournament.pool.retry_backoff = Duration(0);
  if (options.how == "spin") tournament.pool.stall_timeout = timeout;
  if (options.how == "stop") tournament.pool.frozen_timeout = timeout;
  Striker striker(signal_of(options.how), rss);
  bench::play(tournament, false, striker);
  std::vector<double> milliseconds;
  for (Duration time : striker.times()) {
    if (options.how != "kill") time -= timeout;
    milliseconds.push_back(std::chrono::duration<double, std::milli>(time).count());
  }
  fmt::print("{}\n", nlohmann::json{{"milliseconds", milliseconds}}.dump());
}

void declare(CLI::App& app, Options& options) {
  app.add_option("--how", options.how, "kill, stop or spin")
      ->check(CLI::IsMember({"kill", "stop", "spin"}));
  app.add_option("--rss", options.rss, "Resident memory of the worker, such as 64MiB, at least");
  app.add_option("--timeout", options.timeout,
                 "Of a stopped or spinning worker; it is taken off the times");
  app.add_option("--times", options.times, "Half of how often")->required();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  return bench::run_program(
      argc, argv, "Times how soon a lost worker is replaced",
      [&options](CLI::App& app) { declare(app, options); }, [&options] { measure(options); });
}
