#include "worker/worlds/scml/roster.hpp"

#include <fmt/format.h>

#include <numeric>

#include "worker/worlds/scml/draws.hpp"

namespace joust::worlds::scml {
namespace {

// Streams of the world's seed; the daily costs have stream 1.
constexpr std::uint64_t kAgentStream = 2;
constexpr std::uint64_t kPartnerRankStream = 3;

constexpr const char* kProgramAbbreviation = "Pr";

Parameters with_defaults(const std::vector<ParameterInfo>& declared) {
  Parameters parameters;
  fill_defaults(parameters, declared);
  return parameters;
}

}  // namespace

Roster::Roster(Game game, const WorldSetup& setup, const Rules& rules, LoadAgentTypes load,
               const char* file_parameter)
    : world_(setup.world),
      competitors_(setup.competitors),
      rules_(rules),
      remote_(setup, file_parameter),
      types_(agent_types(game)) {
  for (const AgentType& type : types_) {
    filler_parameters_.push_back(with_defaults(type.declared.parameters));
  }
  for (const Competitor& competitor : setup.competitors) {
    own_types_.push_back(type_of(competitor, load));
    if (own_types_.back().make) check(competitor, own_types_.back());
  }
}

std::vector<std::string> Roster::default_types() const {
  std::vector<std::string> names;
  for (const AgentType& type : types_) {
    if (type.is_default) names.push_back(type.declared.name);
  }
  return names;
}

std::set<std::string> Roster::all_types() const {
  std::set<std::string> names;
  for (const AgentType& type : types_) names.insert(type.declared.name);
  return names;
}

Seated Roster::seat(const Economy& economy, const WorldTask& task, WorldContext& context) {
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

std::unique_ptr<Agent> Roster::seat_competitor(int seat, const WorldTask& task,
                                               const AgentSetting& setting,
                                               const RemoteAgent::OnAnswer& on_answer,
                                               std::vector<const RemoteAgent*>& remote) {
  const auto index = static_cast<std::size_t>(seat);
  const Competitor& competitor = competitors_.at(task.seats[index]);
  if (!competitor.agent.isolated) return make_agent(task.seats[index], setting);
  const agents::AgentSession::Place place = {.competitor = task.seats[index],
                                             .seat = static_cast<std::uint32_t>(seat),
                                             .seed = setting.seed};
  auto agent = std::make_unique<RemoteAgent>(remote_, place, setting, on_answer);
  remote.at(index) = agent.get();
  return agent;
}

// That of a shared library may change its mind.
std::unique_ptr<Agent> Roster::make_agent(std::uint32_t competitor,
                                          const AgentSetting& setting) const {
  try {
    return own_types_.at(competitor).make(competitors_.at(competitor).parameters, setting);
  } catch (const SetupError& error) {
    throw CompetitorFault(setting.seat, error.what());
  }
}

// The reference breaks ties between sets of partners by the hashes of their names: arbitrary, but
// the same all through a game.
std::vector<int> Roster::partner_rank(const Economy& economy, std::uint64_t seed) const {
  if (!rules_.reference_quirks) return {};
  std::vector<int> rank(economy.factories.size());
  std::iota(rank.begin(), rank.end(), 0);
  Rng rng = make_rng(seed, kPartnerRankStream);
  shuffle<int>(rng, rank);
  return rank;
}

// Makes the agent once: what its type refuses is then refused before any world is played.
void Roster::check(const Competitor& competitor, const AgentType& type) const {
  AgentSetting setting;
  setting.factories = 1;
  setting.lines = rules_.lines;
  setting.rounds = rules_.rounds;
  type.make(competitor.parameters, setting);
}

// What the competitor plays; nothing but its abbreviation where only another process knows.
AgentType Roster::type_of(const Competitor& competitor, LoadAgentTypes load) const {
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

std::size_t Roster::type_index(const std::string& name) const {
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (types_[i].declared.name == name) return i;
  }
  throw SetupError(fmt::format("{} has no competitor type '{}'", world_, name));
}

std::string Roster::name_of(std::size_t factory, const Economy& economy,
                            const WorldTask& task) const {
  const Factory& played = economy.factories[factory];
  const AgentType& type = played.seat < 0
                              ? types_[type_index(played.type)]
                              : own_types_.at(task.seats[static_cast<std::size_t>(played.seat)]);
  return fmt::format("{:02}{}@{}", factory, type.abbreviation, played.level);
}

Cast Roster::cast_of(const Economy& economy, const WorldTask& task) const {
  Cast cast{task.index, economy, {}};
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    const int seat = economy.factories[i].seat;
    cast.players.push_back(
        {name_of(i, economy, task),
         seat < 0 ? economy.factories[i].type
                  : competitors_.at(task.seats[static_cast<std::size_t>(seat)]).type});
  }
  return cast;
}

}  // namespace joust::worlds::scml
