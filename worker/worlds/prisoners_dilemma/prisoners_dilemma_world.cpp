// The iterated prisoner's dilemma (Axelrod and Hamilton 1981). Two players choose at the same time,
// round after round, to cooperate or to defect:
//
//                      the other cooperates    the other defects
//     I cooperate      reward                  sucker
//     I defect         temptation              punishment
//
// A player's score is its mean payoff per round. With `noise`, each move may turn into its
// opposite; both players then see the move that was made, not the one that was meant (Molander
// 1985).
//
// This is the world to read first: a world is a pure function of its setup and its task. All that
// varies comes from the task's seed, through one stream of random numbers per purpose.

#include <fmt/format.h>

#include <array>
#include <boost/random/bernoulli_distribution.hpp>
#include <vector>

#include "common/random.hpp"
#include "worker/worlds/agents/agent_pool.hpp"
#include "worker/worlds/prisoners_dilemma/remote_player.hpp"
#include "worker/worlds/prisoners_dilemma/strategies.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::worlds {
namespace {

using prisoners_dilemma::find_strategy;
using prisoners_dilemma::Move;
using prisoners_dilemma::RemotePlayer;
using prisoners_dilemma::Strategy;
using prisoners_dilemma::View;

constexpr std::size_t kPlayers = 2;

// Purposes of make_rng: a draw added to one stream changes nothing in the others.
constexpr std::uint64_t kStrategyStream = 1;  // one per seat
constexpr std::uint64_t kNoiseStream = 2;     // one per seat

struct Payoffs {
  double temptation, reward, punishment, sucker;

  double of(Move mine, Move theirs) const {
    if (mine == Move::cooperate) return theirs == Move::cooperate ? reward : sucker;
    return theirs == Move::cooperate ? temptation : punishment;
  }
};

struct Player {
  const Strategy* strategy;              // null: it plays in a process of its own
  std::unique_ptr<RemotePlayer> remote;  // there
  Rng choices;
  Rng noise;
  std::vector<Move> moves;
  std::size_t defections = 0;
  double payoff = 0;
};

Move opposite(Move move) { return move == Move::cooperate ? Move::defect : Move::cooperate; }

class PrisonersDilemma : public World {
 public:
  explicit PrisonersDilemma(const WorldSetup& setup)
      : setup_(setup),
        agents_(setup),
        rounds_(static_cast<std::size_t>(setup.parameters.get<std::int64_t>("rounds"))),
        noise_(setup.parameters.get<double>("noise")),
        payoffs_{.temptation = setup.parameters.get<double>("temptation"),
                 .reward = setup.parameters.get<double>("reward"),
                 .punishment = setup.parameters.get<double>("punishment"),
                 .sucker = setup.parameters.get<double>("sucker")} {
    check(payoffs_);
    for (const Competitor& competitor : setup.competitors) {
      const bool is_remote = competitor.agent.isolated;
      strategies_.push_back(is_remote ? nullptr : &find_strategy(competitor.type));
    }
  }

  WorldResult play(const WorldTask& task, WorldContext& context) override {
    std::array<Player, kPlayers> players = {sit_down(task, 0), sit_down(task, 1)};
    std::size_t peaceful_rounds = 0;
    for (std::size_t round = 0; round < rounds_; ++round) {
      const std::array<Move, kPlayers> moves = {choose(players[0], players[1]),
                                                choose(players[1], players[0])};
      for (std::size_t seat = 0; seat < kPlayers; ++seat) {
        players[seat].moves.push_back(moves[seat]);
        if (moves[seat] == Move::defect) ++players[seat].defections;
        players[seat].payoff += payoffs_.of(moves[seat], moves[1 - seat]);
      }
      if (moves[0] == Move::cooperate && moves[1] == Move::cooperate) ++peaceful_rounds;
      context.progress(round + 1, rounds_);
    }

    const auto rounds = static_cast<double>(rounds_);
    WorldResult result;
    for (std::size_t seat = 0; seat < kPlayers; ++seat) {
      result.seats.push_back(
          {fmt::format("{}@{}", name_of(task.seats[seat]), seat), players[seat].payoff / rounds});
      if (players[seat].remote == nullptr || !players[seat].remote->has_failed()) continue;
      result.seats.back().score = payoffs_.sucker;
      result.seats.back().forfeit = players[seat].remote->failure();
    }
    result.counters = {{"mutual_cooperation", static_cast<double>(peaceful_rounds) / rounds},
                       {"n_steps", rounds}};
    return result;
  }

 private:
  // The dilemma is one only if defection tempts (T > R > P > S) and taking turns at exploiting each
  // other does not pay (2R > T + S).
  static void check(const Payoffs& p) {
    if (p.temptation > p.reward && p.reward > p.punishment && p.punishment > p.sucker &&
        2 * p.reward > p.temptation + p.sucker) {
      return;
    }
    throw SetupError(
        fmt::format("temptation = {}, reward = {}, punishment = {}, sucker = {} make no prisoner's "
                    "dilemma: it needs temptation > reward > punishment > sucker and 2 x reward > "
                    "temptation + sucker",
                    p.temptation, p.reward, p.punishment, p.sucker));
  }

  // A built-in strategy's own name; what a program plays is its own affair.
  const std::string& name_of(std::uint32_t index) const {
    const Competitor& competitor = setup_.competitors.at(index);
    return competitor.agent.is_own_program() ? competitor.name : competitor.type;
  }

  Player sit_down(const WorldTask& task, std::size_t seat) {
    const Strategy* strategy = strategies_.at(task.seats[seat]);
    std::unique_ptr<RemotePlayer> remote;
    if (strategy == nullptr) {
      remote = std::make_unique<RemotePlayer>(
          agents_,
          agents::AgentSession::Place{.competitor = task.seats[seat],
                                      .seat = static_cast<std::uint32_t>(seat),
                                      .seed = hash_numbers({task.seed, kStrategyStream, seat})});
    }
    return {.strategy = strategy,
            .remote = std::move(remote),
            .choices = make_rng(task.seed, kStrategyStream, seat),
            .noise = make_rng(task.seed, kNoiseStream, seat),
            .moves = {},
            .defections = 0,
            .payoff = 0};
  }

  // The move that `player` makes; neither sees the other's move of this round.
  Move choose(Player& player, const Player& other) const {
    const View view = {player.moves, other.moves, other.defections};
    const Move meant = player.strategy != nullptr ? player.strategy->choose(view, player.choices)
                                                  : player.remote->choose(view);
    const bool slips = boost::random::bernoulli_distribution<double>(noise_)(player.noise);
    return slips ? opposite(meant) : meant;
  }

  const WorldSetup& setup_;
  agents::AgentPool agents_;
  std::size_t rounds_;
  double noise_;
  Payoffs payoffs_;
  std::vector<const Strategy*> strategies_;  // of each competitor; null: in a process of its own
};

ParameterInfo payoff(std::string name, double default_value, std::string summary) {
  return {.name = std::move(name),
          .kind = ParameterKind::real,
          .default_value = default_value,
          .unit = "points",
          .summary = std::move(summary),
          .minimum = -1e6,
          .maximum = 1e6,
          .choices = {}};
}

std::unique_ptr<World> make(const WorldSetup& setup) {
  return std::make_unique<PrisonersDilemma>(setup);
}

}  // namespace

WorldType prisoners_dilemma_world() {
  WorldType type;
  type.name = "prisoners-dilemma";
  type.summary =
      "The iterated prisoner's dilemma with noise; a score is the mean payoff per round.";
  type.min_seats = kPlayers;
  type.max_seats = kPlayers;
  type.default_seats = kPlayers;
  type.parameters = {
      {.name = "rounds",
       .kind = ParameterKind::integer,
       .default_value = std::int64_t{200},
       .unit = "rounds",
       .summary = "length of a match",
       .minimum = 1,
       .maximum = 1e6,
       .choices = {}},
      {.name = "noise",
       .kind = ParameterKind::real,
       .default_value = 0.0,
       .unit = "probability",
       .summary = "that a move turns into its opposite",
       .minimum = 0,
       .maximum = 1,
       .choices = {}},
      payoff("temptation", 5, "for defecting against a cooperator (T)"),
      payoff("reward", 3, "for mutual cooperation (R)"),
      payoff("punishment", 1, "for mutual defection (P)"),
      payoff("sucker", 0, "for cooperating against a defector (S)"),
  };
  for (const Strategy& strategy : prisoners_dilemma::strategies()) {
    type.competitor_types.push_back(
        {std::string(strategy.name), std::string(strategy.summary), {}});
  }
  type.hosts_agents = true;
  type.make = make;
  return type;
}

}  // namespace joust::worlds
