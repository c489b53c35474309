// The worlds `scml-oneshot` and `scml-std`: what they declare, and one game as a world of a
// tournament.

#include "worker/worlds/scml/scml_world.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/counters.hpp"
#include "worker/worlds/scml/economy_file.hpp"
#include "worker/worlds/scml/generation.hpp"
#include "worker/worlds/scml/roster.hpp"
#include "worker/worlds/scml/simulation.hpp"
#include "worker/worlds/scml/trace/game_trace.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::worlds {
namespace scml {
namespace {

constexpr const char* kEconomies = "economies";  // the parameter

// Of the registered worlds.
std::vector<AgentType> load_nothing(const std::string& library) {
  throw SetupError(fmt::format("{}: this program loads no shared libraries", library));
}

class ScmlWorld : public World {
 public:
  ScmlWorld(Game game, const WorldSetup& setup, LoadAgentTypes load)
      : seats_(static_cast<int>(setup.seats)),
        rules_(read_rules(game, setup.parameters)),
        roster_(game, setup, rules_, load, kEconomies) {
    const auto& file = setup.parameters.get<std::string>(kEconomies);
    if (!file.empty()) {
      given_ = read_economies(file, rules_.levels, seats_, roster_.all_types());
    }
  }

  WorldResult play(const WorldTask& task, WorldContext& context) override {
    const Economy& economy = economy_of(task);
    Seated seated = roster_.seat(economy, task, context);
    Simulation game(rules_, economy, std::move(seated.agents), task.seed);
    std::optional<GameTrace> told;
    if (context.trace() != nullptr) {
      told.emplace(rules_.rounds, roster_.cast_of(economy, task));
      game.watch(&*told);
    }
    const auto days = static_cast<std::uint64_t>(economy.days);
    for (int day = 0; day < economy.days; ++day) {
      game.play_day(told ? &*told : nullptr);
      context.progress(static_cast<std::uint64_t>(game.day()), days);
    }
    WorldResult result = result_of(economy, task, game);
    note_forfeits(seated.remote, result);
    if (told) told->tell(*context.trace());
    return result;
  }

 private:
  // Drawn economies are kept: the worlds of a configuration come one after the other, interleaved
  // with those of the other configurations.
  const Economy& economy_of(const WorldTask& task) {
    if (!given_.empty()) return given_[task.config % given_.size()];
    constexpr std::size_t kKept = 16;
    const auto found = drawn_.find(task.config_seed);
    if (found != drawn_.end()) return found->second;
    if (drawn_.size() >= kKept) drawn_.clear();
    Economy economy = generate_economy(rules_, seats_, roster_.default_types(), task.config_seed);
    return drawn_.emplace(task.config_seed, std::move(economy)).first->second;
  }

  WorldResult result_of(const Economy& economy, const WorldTask& task,
                        const Simulation& game) const {
    WorldResult result;
    result.seats.resize(task.seats.size());
    for (std::size_t i = 0; i < economy.factories.size(); ++i) {
      if (economy.factories[i].seat < 0) continue;
      SeatResult& seat = result.seats.at(static_cast<std::size_t>(economy.factories[i].seat));
      seat.agent_name = roster_.name_of(i, economy, task);
      seat.score = game.score(i);
      seat.counters = factory_counters(game, i);
    }
    result.counters = game_counters(economy, game);
    return result;
  }

  // An agent that gave up must not end before one that went on, nor gain by giving up.
  static void note_forfeits(const std::vector<const RemoteAgent*>& remote, WorldResult& result) {
    double worst = 0;
    for (const SeatResult& seat : result.seats) worst = std::min(worst, seat.score);
    for (std::size_t seat = 0; seat < remote.size(); ++seat) {
      if (remote[seat] == nullptr || !remote[seat]->has_failed()) continue;
      result.seats[seat].score = worst;
      result.seats[seat].forfeit = remote[seat]->failure();
    }
  }

  int seats_;
  Rules rules_;
  Roster roster_;
  std::vector<Economy> given_;
  std::map<std::uint64_t, Economy> drawn_;
};

constexpr std::string_view kOneShot = "scml-oneshot";
constexpr std::string_view kStandard = "scml-std";

std::unique_ptr<World> make_registered(const WorldSetup& setup) {
  return make_world(setup, load_nothing);
}

// All but what the two games say of themselves.
WorldType declare(Game game) {
  constexpr std::uint32_t kMostSeats = 8;
  constexpr std::uint32_t kDefaultSeats = 3;
  WorldType type;
  type.min_seats = 1;
  type.max_seats = kMostSeats;
  type.default_seats = kDefaultSeats;
  type.parameters = rule_parameters(game);
  type.parameters.push_back({.name = kEconomies,
                             .kind = ParameterKind::file,
                             .default_value = std::string(),
                             .unit = "",
                             .summary = "JSON file of economies to play instead of drawn ones",
                             .minimum = 0,
                             .maximum = 0,
                             .choices = {}});
  for (AgentType& agent : agent_types(game)) {
    type.competitor_types.push_back(std::move(agent.declared));
  }
  type.hosts_agents = true;
  type.tables = trace_tables();
  type.hosts_agent_plugins = true;
  type.make = make_registered;
  return type;
}

}  // namespace

std::unique_ptr<World> make_world(const WorldSetup& setup, LoadAgentTypes load) {
  const Game game = setup.world == kStandard ? Game::standard : Game::oneshot;
  return std::make_unique<ScmlWorld>(game, setup, load);
}

}  // namespace scml

WorldType scml_oneshot_world() {
  WorldType type = scml::declare(scml::Game::oneshot);
  type.name = scml::kOneShot;
  type.summary = "The SCML OneShot game: factories trade perishable goods, one day at a time.";
  return type;
}

WorldType scml_standard_world() {
  WorldType type = scml::declare(scml::Game::standard);
  type.name = scml::kStandard;
  type.summary = "The SCML Standard game: factories of several levels trade ahead, and can store.";
  return type;
}

}  // namespace joust::worlds
