// The world that misbehaves on command: what joust's promises are tested with. Left alone it is a
// small world whose scores come from its seed.

#include <chrono>

#include "common/hash.hpp"
#include "worker/worlds/chaos/misbehave.hpp"
#include "worker/worlds/chaos/script.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::worlds {
namespace {

// The reports of progress of a world that behaves.
constexpr std::uint64_t kSteps = 10;

class ChaosWorld : public World {
 public:
  explicit ChaosWorld(const WorldSetup& setup)
      : script_(chaos::parse_script(setup.parameters.get<std::vector<std::string>>("script"))),
        work_(setup.parameters.get<std::int64_t>("work")),
        reports_(setup.parameters.get<bool>("progress")) {}

  WorldResult play(const WorldTask& task, WorldContext& context) override {
    WorldResult result;
    report(context, 0);
    for (const chaos::Entry& entry : script_) {
      if (!chaos::wants(entry, task, context.attempt())) continue;
      if (entry.action == chaos::Action::result) {
        result.payload.assign(static_cast<std::size_t>(entry.size), 'x');
      } else {
        chaos::misbehave(entry, task);
      }
    }
    compute(context);
    score(task, result);
    return result;
  }

 private:
  void report(WorldContext& context, std::uint64_t step) const {
    if (reports_) context.progress(step, kSteps);
  }

  void compute(WorldContext& context) const {
    if (work_.count() == 0) return;
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t step = 1; step <= kSteps; ++step) {
      const auto end =
          start + work_ * static_cast<std::int64_t>(step) / static_cast<std::int64_t>(kSteps);
      while (std::chrono::steady_clock::now() < end) {
      }
      report(context, step);
    }
  }

  static void score(const WorldTask& task, WorldResult& result) {
    for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
      const std::uint64_t drawn = hash_numbers({task.seed, seat}) >> 48;
      result.seats.push_back({.agent_name = "", .score = static_cast<double>(drawn) / 65536.0});
    }
  }

  std::vector<chaos::Entry> script_;
  std::chrono::nanoseconds work_;
  bool reports_;
};

std::unique_ptr<World> make(const WorldSetup& setup) { return std::make_unique<ChaosWorld>(setup); }

}  // namespace

WorldType chaos_world() {
  WorldType type;
  type.name = "chaos";
  type.summary = "Misbehaves on command (crashes, hangs, floods); scores come from the seed.";
  type.min_seats = 1;
  type.max_seats = 64;
  type.default_seats = 2;
  type.parameters = {
      {.name = "script",
       .kind = ParameterKind::text_list,
       .default_value = std::vector<std::string>{},
       .unit = "",
       .summary = "what goes wrong and when, such as \"crash p=0.05 signal=11\"",
       .choices = {}},
      {.name = "work",
       .kind = ParameterKind::duration,
       .default_value = std::int64_t{0},
       .unit = "",
       .summary = "processor time that each world takes",
       .minimum = 0,
       .maximum = 3600e9,
       .choices = {}},
      {.name = "progress",
       .kind = ParameterKind::boolean,
       .default_value = true,
       .unit = "",
       .summary = "report progress, which lets joust find a stuck world before its deadline",
       .choices = {}},
  };
  type.competitor_types = {{"Any", "has a name and nothing else", {}}};
  type.make = make;
  return type;
}

}  // namespace joust::worlds
