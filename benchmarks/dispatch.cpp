// How many worlds a second the pool hands out and takes back, beside Python's ProcessPoolExecutor.
//
// Worlds that do nothing are the hardest case: all time is the pool's own. Tournaments of quick
// games (a prisoner's dilemma of 200 rounds takes some microseconds) come close to it; for an SCML
// world of milliseconds the efficiency lines count. The executor runs the same way that its users
// run it for worlds: one task at a time (chunk size 1), as many workers, a function that returns
// two numbers.
//
// All figures of one table come from one run, interleaved, as medians: compare the ratios.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "benchmarks/support/harness.hpp"

namespace {

using namespace joust::bench;

constexpr int kRounds = 5;

// Tasks per second of ProcessPoolExecutor with chunk size 1; nothing when there is no python3.
double executor_rate() {
  const char* command =
      "python3 -c \"\n"
      "import time\n"
      "from concurrent.futures import ProcessPoolExecutor\n"
      "def world(seed): return (seed & 255) / 255, (seed >> 8 & 255) / 255\n"
      "with ProcessPoolExecutor(2) as pool:\n"
      "    list(pool.map(world, range(100), chunksize=1))\n"
      "    n = 5000\n"
      "    start = time.perf_counter()\n"
      "    list(pool.map(world, range(n), chunksize=1))\n"
      "    print(n / (time.perf_counter() - start))\n"
      "\"";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command, "re"), ::pclose);
  double rate = 0;
  if (!pipe || std::fscanf(pipe.get(), "%lf", &rate) != 1) return 0;
  return rate;
}

double rate(const PoolRun& run) {
  return static_cast<double>(run.worlds) / play(run).seconds_from_ready;
}

// Processor time that went into the worlds themselves, as a part of what two busy cores would give.
double efficiency(const std::string& work, double work_seconds, std::uint64_t worlds) {
  const PoolRun run{worlds, 2, work, "0B", true};
  return static_cast<double>(worlds) * work_seconds / (2 * play(run).seconds_from_ready);
}

void print_throughput() {
  std::vector<double> bare;
  std::vector<double> journaled;
  std::vector<double> executor;
  for (int round = 0; round < kRounds; ++round) {
    bare.push_back(rate({2'000'000, 2, "0s", "0B", false}));
    journaled.push_back(rate({1'000'000, 2, "0s", "0B", true}));
    executor.push_back(executor_rate());
  }
  const double reference = median(executor);
  fmt::print("no-op worlds, 2 workers; medians of {} interleaved rounds\n\n", kRounds);
  fmt::print("| what | worlds/s | x ProcessPoolExecutor |\n|---|---|---|\n");
  fmt::print("| joust, no journal | {:.0f} | {:.0f} |\n", median(bare), median(bare) / reference);
  fmt::print("| joust, journaled | {:.0f} | {:.0f} |\n", median(journaled),
             median(journaled) / reference);
  fmt::print("| ProcessPoolExecutor, chunk 1 | {:.0f} | 1 |\n\n", reference);
}

void print_efficiency() {
  struct Case {
    const char* work;
    double seconds;
    std::uint64_t worlds;
  };
  fmt::print("efficiency, journaled, 2 workers on the machine's cores; medians of {}\n\n", kRounds);
  fmt::print("| work per world | efficiency |\n|---|---|\n");
  for (const Case& c : {Case{"10us", 10e-6, 200'000}, Case{"100us", 100e-6, 40'000},
                        Case{"1ms", 1e-3, 4'000}, Case{"10ms", 10e-3, 400}}) {
    std::vector<double> values;
    values.reserve(kRounds);
    for (int round = 0; round < kRounds; ++round) {
      values.push_back(efficiency(c.work, c.seconds, c.worlds));
    }
    fmt::print("| {} | {:.1f} % |\n", c.work, 100 * median(values));
  }
}

}  // namespace

int main() {
  print_throughput();
  print_efficiency();
  return 0;
}
