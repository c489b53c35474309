// SCML OneShot worlds of 50 steps on one core, as a tournament of the nine built-in agents plays
// them: three competitors among the factories of a drawn economy (nine on average), all
// configurations and seatings in the plan's own order. This is what users pay processor time for.

#include <benchmark/benchmark.h>

#include "common/task_decoder.hpp"
#include "common/world_registry.hpp"

namespace {

using namespace joust;

class Quiet : public WorldContext {
 public:
  void progress(std::uint64_t, std::uint64_t) override {}
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return 1; }
  void log(std::string_view) override {}
};

WorldSetup oneshot_setup(const WorldType& type) {
  WorldSetup setup;
  setup.world = type.name;
  setup.seats = 3;
  setup.parameters.set("n_steps", IntegerRange{50, 50});
  fill_defaults(setup.parameters, type.parameters);
  for (const CompetitorType& competitor : type.competitor_types) {
    Parameters parameters;
    fill_defaults(parameters, competitor.parameters);
    setup.competitors.push_back({competitor.name, competitor.name, parameters});
  }
  return setup;
}

void play_oneshot(benchmark::State& state) {
  const WorldRegistry registry = builtin_worlds();
  const WorldType& type = *registry.find("scml-oneshot");
  const WorldSetup setup = oneshot_setup(type);
  const auto world = type.make(setup);
  const auto n = static_cast<std::uint32_t>(setup.competitors.size());
  TaskDecoder decoder({n, setup.seats, 3, 1, 7});
  Quiet context;
  TaskIndex task = 0;
  for (auto _ : state) {  // NOLINT(clang-analyzer-deadcode.DeadStores): how the library counts
    const WorldTask next = decoder.decode(task % decoder.plan().worlds());
    benchmark::DoNotOptimize(world->play(next, context));
    ++task;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(play_oneshot)->Unit(benchmark::kMicrosecond)->Repetitions(5)->ReportAggregatesOnly();

}  // namespace

BENCHMARK_MAIN();
