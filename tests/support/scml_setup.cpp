#include "tests/support/scml_setup.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "common/result_codec.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"
#include "worker/worlds/scml/draws.hpp"
#include "worker/worlds/scml/generation.hpp"

namespace joust::test {

using namespace worlds::scml;

Parameters default_parameters(const std::vector<ParameterInfo>& declared) {
  Parameters parameters;
  fill_defaults(parameters, declared);
  return parameters;
}

Rules default_rules(Game game) {
  return read_rules(game, default_parameters(rule_parameters(game)));
}

double percentile(std::vector<double> sample, double share) {
  std::sort(sample.begin(), sample.end());
  return sample[static_cast<std::size_t>(share * static_cast<double>(sample.size() - 1))];
}

WorldSetup setup_of(const WorldType& world, const std::vector<std::string>& types,
                    std::uint32_t seats) {
  WorldSetup setup;
  setup.world = world.name;
  setup.parameters = default_parameters(world.parameters);
  setup.seats = seats;
  for (const std::string& type : types) {
    Competitor competitor;
    competitor.name = type + " " + std::to_string(setup.competitors.size());
    competitor.type = type;
    for (const CompetitorType& each : world.competitor_types) {
      if (each.name == type) competitor.parameters = default_parameters(each.parameters);
    }
    setup.competitors.push_back(std::move(competitor));
  }
  return setup;
}

Economy economy_played_by(const std::vector<std::string>& types, int days, std::uint64_t seed,
                          const Rules& rules) {
  Rules with_days = rules;
  with_days.days = {days, days};
  Economy economy = generate_economy(with_days, 0, {types.front()}, seed);
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    economy.factories[i].type = types[i % types.size()];
  }
  return economy;
}

std::unique_ptr<Simulation> new_game(const Rules& rules, const Economy& economy,
                                     std::uint64_t seed) {
  return new_game(rules, economy, seed, seed);
}

std::unique_ptr<Simulation> new_game(const Rules& rules, const Economy& economy, std::uint64_t seed,
                                     std::uint64_t ranks) {
  constexpr std::uint64_t kAgents = 77;
  constexpr std::uint64_t kRanks = 78;
  std::vector<int> rank(economy.factories.size());
  std::iota(rank.begin(), rank.end(), 0);
  Rng rng = make_rng(ranks, kRanks);
  shuffle<int>(rng, rank);
  std::vector<std::unique_ptr<Agent>> agents;
  const std::vector<AgentType> types = agent_types(Game::standard);  // all there are
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    const auto type = std::find_if(types.begin(), types.end(), [&](const AgentType& each) {
      return each.declared.name == economy.factories[i].type;
    });
    AgentSetting setting;
    setting.seed = hash_numbers({seed, kAgents, i});
    setting.factories = static_cast<int>(economy.factories.size());
    setting.lines = economy.factories[i].lines;
    setting.rounds = rules.rounds;
    setting.days = economy.days;
    setting.reference_quirks = rules.reference_quirks;
    if (rules.reference_quirks) setting.partner_rank = rank;
    agents.push_back(type->make(default_parameters(type->declared.parameters), setting));
  }
  return std::make_unique<Simulation>(rules, economy, std::move(agents), seed);
}

WorldResult play(World& world, std::uint64_t config_seed, std::uint64_t seed,
                 const std::vector<std::uint32_t>& seats, std::uint32_t config) {
  WorldTask task;
  task.seed = seed;
  task.config_seed = config_seed;
  task.config = config;
  task.seats = seats;
  RecordingContext context;
  return world.play(task, context);
}

std::string encoded(const WorldResult& result) {
  std::string bytes;
  encode_result(result, bytes);
  return bytes;
}

double counter(const WorldResult& result, std::string_view name) {
  for (const Counter& each : result.counters) {
    if (each.name == name) return each.value;
  }
  FAIL("no counter ", name);
  return 0;
}

std::vector<std::string> types_of(Game game) {
  std::vector<std::string> names;
  for (const AgentType& type : agent_types(game)) names.push_back(type.declared.name);
  return names;
}

}  // namespace joust::test
