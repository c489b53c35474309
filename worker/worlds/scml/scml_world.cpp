// The worlds `scml-oneshot` and `scml-std`: what they declare, and one game as a world of a
// tournament.

#include "worker/worlds/scml/scml_world.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "worker/worlds/agents/agent_pool.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/counters.hpp"
#include "worker/worlds/scml/draws.hpp"
#include "worker/worlds/scml/economy_file.hpp"
#include "worker/worlds/scml/generation.hpp"
#include "worker/worlds/scml/remote_agent.hpp"
#include "worker/worlds/scml/simulation.hpp"
#include "worker/worlds/scml/trace/game_trace.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::worlds {
namespace scml {
namespace {

// Streams of the world's seed; the daily costs have stream 1.
constexpr std::uint64_t kAgentStream = 2;
constexpr std::uint64_t kPartnerRankStream = 3;

Parameters with_defaults(const std::vector<ParameterInfo>& declared) {
  Parameters parameters;
  fill_defaults(parameters, declared);
  return parameters;
}

std::vector<std::string> default_types(const std::vector<AgentType>& types) {
  std::vector<std::string> names;
  for (const AgentType& type : types) {
    if (type.is_default) names.push_back(type.declared.name);
  }
  return names;
}

std::set<std::string> all_types(const std::vector<AgentType>& types) {
  std::set<std::string> names;
  for (const AgentType& type : types) names.insert(type.declared.name);
  return names;
}

constexpr const char* kEconomies = "economies";  // the parameter
constexpr const char* kProgramAbbreviation = "Pr";

// Of the registered worlds.
std::vector<AgentType> load_nothing(const std::string& library) {
  throw SetupError(fmt::format("{}: this program loads no shared libraries", library));
}

// Those who play a world.
struct Seated {
  std::vector<std::unique_ptr<Agent>> agents;  // of each factory
  std::vector<const RemoteAgent*> remote;      // of each seat; null: it plays in this process
};

class ScmlWorld : public World {
 public:
  ScmlWorld(Game game, const WorldSetup& setup, LoadAgentTypes load)
      : game_name_(setup.world),
        competitors_(setup.competitors),
        remote_(setup, kEconomies),
        seats_(static_cast<int>(setup.seats)),
        rules_(read_rules(game, setup.parameters)),
        types_(agent_types(game)) {
    for (const AgentType& type : types_) {
      filler_parameters_.push_back(with_defaults(type.declared.parameters));
    }
    for (const Competitor& competitor : setup.competitors) {
      own_types_.push_back(type_of(competitor, load));
      if (own_types_.back().make) check(competitor, own_types_.back());
    }
    const auto& file = setup.parameters.get<std::string>(kEconomies);
    if (!file.empty()) {
      given_ = read_economies(file, rules_.levels, seats_, all_types(types_));
    }
  }

  WorldResult play(const WorldTask& task, WorldContext& context) override {
    const Economy& economy = economy_of(task);
    Seated seated = seat_agents(economy, task, context);
    Simulation game(rules_, economy, std::move(seated.agents), task.seed);
    std::optional<GameTrace> told;
    if (context.trace() != nullptr) {
      told.emplace(rules_.rounds, cast_of(economy, task));
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
  // Makes the agent once: what its type refuses is then refused before any world is played.
  void check(const Competitor& competitor, const AgentType& type) const {
    AgentSetting setting;
    setting.factories = 1;
    setting.lines = rules_.lines;
    setting.rounds = rules_.rounds;
    type.make(competitor.parameters, setting);
  }

  // What the competitor plays; nothing but its abbreviation where only another process knows.
  AgentType type_of(const Competitor& competitor, LoadAgentTypes load) const {
    AgentType unknown;
    if (competitor.agent.is_own_program()) {
      unknown.abbreviation = kProgramAbbreviation;
      return unknown;
    }
    if (competitor.plugin.empty()) return types_[type_index(competitor.type)];
    if (competitor.agent.isolated) {
      unknown.abbreviation = abbreviated(competitor.type);
      return unknown;
    }
    for (AgentType& type : load(competitor.plugin)) {
      if (type.declared.name == competitor.type) return std::move(type);
    }
    throw SetupError(
        fmt::format("{} has no competitor type '{}' any more", competitor.plugin, competitor.type));
  }

  std::size_t type_index(const std::string& name) const {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      if (types_[i].declared.name == name) return i;
    }
    throw SetupError(fmt::format("{} has no competitor type '{}'", game_name_, name));
  }

  // Drawn economies are kept: the worlds of a configuration come one after the other, interleaved
  // with those of the other configurations.
  const Economy& economy_of(const WorldTask& task) {
    if (!given_.empty()) return given_[task.config % given_.size()];
    constexpr std::size_t kKept = 16;
    const auto found = drawn_.find(task.config_seed);
    if (found != drawn_.end()) return found->second;
    if (drawn_.size() >= kKept) drawn_.clear();
    Economy economy = generate_economy(rules_, seats_, default_types(types_), task.config_seed);
    return drawn_.emplace(task.config_seed, std::move(economy)).first->second;
  }

  Seated seat_agents(const Economy& economy, const WorldTask& task, WorldContext& context) {
    const auto on_answer = [&context, days = static_cast<std::uint64_t>(economy.days)](int day) {
      context.progress(static_cast<std::uint64_t>(day), days);
    };
    Seated seated;
    seated.remote.resize(task.seats.size());
    const std::vector<int> rank = partner_rank(economy, task.seed);
    for (std::size_t i = 0; i < economy.factories.size(); ++i) {
      const Factory& factory = economy.factories[i];
      AgentSetting setting;
      setting.partner_rank = rank;
      setting.seed = hash_numbers({task.seed, kAgentStream, i});
      setting.seat = factory.seat < 0 ? 0 : static_cast<std::uint32_t>(factory.seat);
      setting.factories = static_cast<int>(economy.factories.size());
      setting.lines = factory.lines;
      setting.rounds = rules_.rounds;
      setting.days = economy.days;
      setting.reference_quirks = rules_.reference_quirks;
      if (factory.seat < 0) {
        const std::size_t type = type_index(factory.type);
        seated.agents.push_back(types_[type].make(filler_parameters_[type], setting));
      } else {
        seated.agents.push_back(
            seat_competitor(factory.seat, task, setting, on_answer, seated.remote));
      }
    }
    return seated;
  }

  std::unique_ptr<Agent> seat_competitor(int seat, const WorldTask& task,
                                         const AgentSetting& setting,
                                         const RemoteAgent::OnAnswer& on_answer,
                                         std::vector<const RemoteAgent*>& remote) {
    const auto index = static_cast<std::size_t>(seat);
    const Competitor& competitor = competitor_in(seat, task);
    if (!competitor.agent.isolated) return make_agent(task.seats[index], setting);
    const agents::AgentSession::Place place = {.competitor = task.seats[index],
                                               .seat = static_cast<std::uint32_t>(seat),
                                               .seed = setting.seed};
    auto agent = std::make_unique<RemoteAgent>(remote_, place, setting, on_answer);
    remote.at(index) = agent.get();
    return agent;
  }

  // That of a shared library may change its mind.
  std::unique_ptr<Agent> make_agent(std::uint32_t competitor, const AgentSetting& setting) const {
    try {
      return own_types_.at(competitor).make(competitors_.at(competitor).parameters, setting);
    } catch (const SetupError& error) {
      throw CompetitorFault(setting.seat, error.what());
    }
  }

  // The reference breaks ties between sets of partners by the hashes of their names: arbitrary, but
  // the same all through a game.
  std::vector<int> partner_rank(const Economy& economy, std::uint64_t seed) const {
    if (!rules_.reference_quirks) return {};
    std::vector<int> rank(economy.factories.size());
    std::iota(rank.begin(), rank.end(), 0);
    Rng rng = make_rng(seed, kPartnerRankStream);
    shuffle<int>(rng, rank);
    return rank;
  }

  const Competitor& competitor_in(int seat, const WorldTask& task) const {
    return competitors_.at(task.seats[static_cast<std::size_t>(seat)]);
  }

  WorldResult result_of(const Economy& economy, const WorldTask& task,
                        const Simulation& game) const {
    WorldResult result;
    result.seats.resize(task.seats.size());
    for (std::size_t i = 0; i < economy.factories.size(); ++i) {
      const Factory& factory = economy.factories[i];
      if (factory.seat < 0) continue;
      SeatResult& seat = result.seats.at(static_cast<std::size_t>(factory.seat));
      seat.agent_name = agent_name(i, own_type_of(factory.seat, task).abbreviation, factory);
      seat.score = game.score(i);
      seat.counters = factory_counters(game, i);
    }
    result.counters = game_counters(economy, game);
    return result;
  }

  static std::string agent_name(std::size_t number, std::string_view abbreviation,
                                const Factory& factory) {
    return fmt::format("{:02}{}@{}", number, abbreviation, factory.level);
  }

  Cast cast_of(const Economy& economy, const WorldTask& task) const {
    Cast cast{task.index, economy, {}};
    for (std::size_t i = 0; i < economy.factories.size(); ++i) {
      const Factory& factory = economy.factories[i];
      if (factory.seat < 0) {
        const AgentType& type = types_[type_index(factory.type)];
        cast.players.push_back({agent_name(i, type.abbreviation, factory), factory.type});
      } else {
        const Competitor& competitor = competitor_in(factory.seat, task);
        cast.players.push_back(
            {agent_name(i, own_type_of(factory.seat, task).abbreviation, factory),
             competitor.type});
      }
    }
    return cast;
  }

  // Of the competitor in that seat.
  const AgentType& own_type_of(int seat, const WorldTask& task) const {
    return own_types_.at(task.seats[static_cast<std::size_t>(seat)]);
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

  std::string game_name_;
  std::vector<Competitor> competitors_;
  agents::AgentPool remote_;
  int seats_;
  Rules rules_;
  std::vector<AgentType> types_;               // of the game
  std::vector<AgentType> own_types_;           // of each competitor
  std::vector<Parameters> filler_parameters_;  // per type
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
