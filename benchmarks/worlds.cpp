// Worlds played one after the other in this process, as a tournament of all built-in competitors
// plays them: in the plan's own order, all configurations and seatings. This is what users pay
// processor time for.
//
// Allocations are counted by operator new of this program. A world reports progress after each day
// or round, which tells its phases apart: before the first report it is set up (and plays its first
// day), from the first report to the last it is in its inner loop, then it makes its result.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <new>
#include <nlohmann/json.hpp>

#include "benchmarks/support/harness.hpp"
#include "benchmarks/support/program.hpp"
#include "common/task_decoder.hpp"
#include "common/world_registry.hpp"

namespace {

using namespace joust;

std::uint64_t allocations = 0;  // this program has one thread

struct Options {
  std::string world = "scml-oneshot";
  std::uint32_t seats = 3;
  std::int64_t steps = 0;
  std::int64_t levels = 0;
  std::int64_t factories = 0;
  bool without_quirks = false;
  std::vector<std::string> types;
  std::uint64_t worlds = 0;
};

struct Phases {
  std::uint64_t setup = 0;
  std::uint64_t inner = 0;
  std::uint64_t ending = 0;
};

// Notes how many allocations there were at the first and at the latest report.
class Counting : public WorldContext {
 public:
  void progress(std::uint64_t, std::uint64_t) override {
    latest_ = allocations;
    if (first_ == 0) first_ = allocations;
  }
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return 1; }
  void log(std::string_view) override {}

  // To be called when a world is over, with the number of allocations before it.
  void add_to(Phases& phases, std::uint64_t before) {
    phases.setup += first_ - before;
    phases.inner += latest_ - first_;
    phases.ending += allocations - latest_;
    first_ = 0;
  }

 private:
  std::uint64_t first_ = 0;
  std::uint64_t latest_ = 0;
};

void set_parameters(const Options& options, Parameters& parameters) {
  if (options.steps > 0) parameters.set("n_steps", IntegerRange{options.steps, options.steps});
  if (options.levels > 0) {
    parameters.set("n_processes", IntegerRange{options.levels, options.levels});
  }
  if (options.factories > 0) {
    for (const char* name : {"min_factories", "max_factories"}) {
      parameters.set(name, options.factories);
    }
  }
  if (options.without_quirks) parameters.set("reference_quirks", false);
}

bool takes_part(const Options& options, const std::string& type) {
  return options.types.empty() ||
         std::find(options.types.begin(), options.types.end(), type) != options.types.end();
}

double negotiations_of(const WorldResult& result) {
  for (const Counter& counter : result.counters) {
    if (counter.name == "n_negs_initiated") return counter.value;
  }
  return 0;
}

WorldSetup setup_of(const WorldType& type, const Options& options) {
  WorldSetup setup;
  setup.world = type.name;
  setup.seats = options.seats;
  set_parameters(options, setup.parameters);
  fill_defaults(setup.parameters, type.parameters);
  for (const CompetitorType& competitor : type.competitor_types) {
    if (!takes_part(options, competitor.name)) continue;
    Parameters parameters;
    fill_defaults(parameters, competitor.parameters);
    setup.competitors.push_back({competitor.name, competitor.name, parameters});
  }
  return setup;
}

void measure(const Options& options) {
  const WorldRegistry registry = builtin_worlds();
  const WorldType* type = registry.find(options.world);
  if (type == nullptr) throw std::runtime_error("there is no world '" + options.world + "'");
  const WorldSetup setup = setup_of(*type, options);
  const auto world = type->make(setup);
  constexpr std::uint32_t kConfigs = 3;
  constexpr std::uint64_t kSeed = 7;
  const auto competitors = static_cast<std::uint32_t>(setup.competitors.size());
  TaskDecoder decoder({competitors, setup.seats, kConfigs, 1, kSeed});
  Counting context;
  Phases phases;
  double sum = 0;
  double negotiations = 0;
  const double start = bench::processor_seconds();
  for (TaskIndex i = 0; i < options.worlds; ++i) {
    const WorldTask task = decoder.decode(i % decoder.plan().worlds());
    const std::uint64_t before = allocations;
    const WorldResult result = world->play(task, context);
    context.add_to(phases, before);
    sum += result.seats.front().score;
    negotiations += negotiations_of(result);
  }
  const double seconds = bench::processor_seconds() - start;
  const nlohmann::json out = {{"worlds", options.worlds},
                              {"processor_seconds", seconds},
                              {"sum_of_scores", sum},
                              {"negotiations", negotiations},
                              {"allocations_setup", phases.setup},
                              {"allocations_inner", phases.inner},
                              {"allocations_ending", phases.ending}};
  fmt::print("{}\n", out.dump());
}

void declare(CLI::App& app, Options& options) {
  app.add_option("--world", options.world, "A native world");
  app.add_option("--seats", options.seats, "Competitors in each world");
  app.add_option("--steps", options.steps, "Days of an SCML game; 0: the world's default");
  app.add_option("--levels", options.levels, "Levels of scml-std; 0: the world's default");
  app.add_option("--factories", options.factories, "On each of them; 0: the world's default");
  app.add_flag("--without-quirks", options.without_quirks, "With reference_quirks = false");
  app.add_option("--types", options.types, "Competitors; none: all built-in ones")->delimiter(',');
  app.add_option("--worlds", options.worlds, "How many")->required();
}

}  // namespace

// Not inlined: GCC then takes the pair of malloc and operator delete for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
  Options options;
  return bench::run_program(
      argc, argv, "Plays native worlds in this process and counts",
      [&options](CLI::App& app) { declare(app, options); }, [&options] { measure(options); });
}
