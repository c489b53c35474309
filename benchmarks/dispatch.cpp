// One tournament of no-op worlds on real workers, with or without a journal.
//
// Worlds that do nothing are the hardest case: all time is the pool's own. Tournaments of quick
// games (a prisoner's dilemma of 200 rounds takes some microseconds) come close to it; with `work`
// the worlds keep their cores busy, as games of milliseconds do.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "benchmarks/support/harness.hpp"
#include "benchmarks/support/program.hpp"
#include "common/text.hpp"

namespace {

using namespace joust;

struct Options {
  std::uint64_t worlds = 0;
  std::uint32_t workers = 2;
  std::string work = "0s";
  std::string payload = "0B";
  bool journaled = false;
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--worlds", options.worlds, "How many; even")->required();
  app.add_option("--workers", options.workers, "Worker processes");
  app.add_option("--work", options.work, "Processor time of each world, such as 100us");
  app.add_option("--payload", options.payload, "Bytes that each world returns, such as 1KiB");
  app.add_flag("--journaled", options.journaled, "Write the results to a journal");
}

void measure(const Options& options) {
  constexpr std::uint64_t kRoomForScores = 1 << 16;
  const std::uint64_t payload = parse_size(options.payload).value();
  Tournament tournament = bench::make_tournament("noop", options.worlds, options.workers);
  tournament.setup.parameters.set("work", parse_duration(options.work).value().count());
  tournament.setup.parameters.set("payload", static_cast<std::int64_t>(payload));
  tournament.pool.max_result = std::max(tournament.pool.max_result, payload + kRoomForScores);
  os::Observer nobody;
  const bench::PoolTimes times = bench::play(tournament, options.journaled, nobody);
  const nlohmann::json out = {{"worlds", Plan(tournament.shape).worlds()},
                              {"start_seconds", times.start_seconds},
                              {"seconds", times.seconds},
                              {"supervisor_seconds", times.supervisor_seconds}};
  fmt::print("{}\n", out.dump());
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  return bench::run_program(
      argc, argv, "Plays no-op worlds and says how long that took",
      [&options](CLI::App& app) { declare(app, options); }, [&options] { measure(options); });
}
