#pragma once
// Helpers for tests of the SCML worlds.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/world.hpp"
#include "worker/worlds/scml/economy.hpp"
#include "worker/worlds/scml/rules.hpp"
#include "worker/worlds/scml/simulation.hpp"

namespace joust::test {

// The rules of a game, with all defaults.
worlds::scml::Rules default_rules(worlds::scml::Game game = worlds::scml::Game::oneshot);

// The value that the given share of the sample does not exceed.
double percentile(std::vector<double> sample, double share);

// A setup of a world whose competitors are of the given types, named after them ("NiceAgent 0").
WorldSetup setup_of(const WorldType& world, const std::vector<std::string>& types,
                    std::uint32_t seats);

// A competitor's or filler's parameters, all at their defaults.
Parameters default_parameters(const std::vector<ParameterInfo>& declared);

// A game on a generated economy in which every factory is played by the type at its number modulo
// the number of types.
worlds::scml::Economy economy_played_by(const std::vector<std::string>& types, int days,
                                        std::uint64_t seed,
                                        const worlds::scml::Rules& rules = default_rules());
std::unique_ptr<worlds::scml::Simulation> new_game(const worlds::scml::Rules& rules,
                                                   const worlds::scml::Economy& economy,
                                                   std::uint64_t seed);
// The same where `ranks` decides in which order ties are broken, and not the seed.
std::unique_ptr<worlds::scml::Simulation> new_game(const worlds::scml::Rules& rules,
                                                   const worlds::scml::Economy& economy,
                                                   std::uint64_t seed, std::uint64_t ranks);

// The names of all agent types of a game.
std::vector<std::string> types_of(worlds::scml::Game game);

// Plays one world of these seeds, with the competitors of these numbers in its seats.
WorldResult play(World& world, std::uint64_t config_seed, std::uint64_t seed,
                 const std::vector<std::uint32_t>& seats, std::uint32_t config = 0);

std::string encoded(const WorldResult& result);

// That counter of the world; the test fails where there is none.
double counter(const WorldResult& result, std::string_view name);

// A context that remembers the reports of progress.
class RecordingContext : public WorldContext {
 public:
  void progress(std::uint64_t step, std::uint64_t of) override { reports.push_back({step, of}); }
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return 1; }
  void log(std::string_view) override {}

  struct Report {
    std::uint64_t step;
    std::uint64_t of;
  };
  std::vector<Report> reports;
};

}  // namespace joust::test
