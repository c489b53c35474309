// Tic-tac-toe as a world for joust: a match of several games between two players.
//
// A world must give the same result for the same seed, on every machine. So the random numbers come
// from the generator below: those of <random>'s distributions differ between standard libraries.

#include <joust/world.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace {

// SplitMix64 (Steele, Lea and Flood 2014).
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  // From 0 to count - 1.
  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(((next() >> 32) * count) >> 32);
  }
  // From 0 to 1, without 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

 private:
  std::uint64_t state_;
};

constexpr int kFields = 9;
constexpr unsigned kFull = (1U << kFields) - 1;

// Fields 0 to 8, row by row; a bit for each that a side has.
struct Board {
  unsigned mine = 0;    // of the side to move
  unsigned theirs = 0;  // of the side that moved last

  std::vector<int> free_fields() const {
    std::vector<int> fields;
    for (int field = 0; field < kFields; ++field) {
      if (((mine | theirs) >> field & 1U) == 0) fields.push_back(field);
    }
    return fields;
  }
  Board after(int field) const { return {theirs, mine | 1U << field}; }
  bool is_full() const { return (mine | theirs) == kFull; }
};

bool has_line(unsigned fields) {
  constexpr std::array<unsigned, 8> kLines = {0007, 0070, 0700, 0111, 0222, 0444, 0421, 0124};
  for (const unsigned line : kLines) {
    if ((fields & line) == line) return true;
  }
  return false;
}

// What the side to move gets when both play perfectly: 1 a win, 0 a draw, -1 a loss.
class Solver {
 public:
  Solver() : values_(1U << (2 * kFields), kUnknown) { solve({}); }

  std::vector<int> best_moves(const Board& board) const {
    std::vector<int> best;
    int most = -1;
    for (const int field : board.free_fields()) {
      const int value = -values_[index(board.after(field))];
      if (value > most) best.clear();
      if (value >= most) best.push_back(field);
      if (value > most) most = value;
    }
    return best;
  }

 private:
  static constexpr signed char kUnknown = 2;
  static std::size_t index(const Board& board) { return board.mine << kFields | board.theirs; }

  signed char solve(const Board& board) {
    signed char& value = values_[index(board)];
    if (value != kUnknown) return value;
    if (has_line(board.theirs)) return value = -1;
    if (board.is_full()) return value = 0;
    signed char most = -1;
    for (const int field : board.free_fields()) {
      const auto reached = static_cast<signed char>(-solve(board.after(field)));
      if (reached > most) most = reached;
    }
    return value = most;
  }

  std::vector<signed char> values_;
};

using Strategy = std::function<int(const Board&, Rng&)>;

int any_of(const std::vector<int>& fields, Rng& rng) { return fields[rng.below(fields.size())]; }

int play_random(const Board& board, Rng& rng) { return any_of(board.free_fields(), rng); }

// The centre, else a corner, else what is left.
int play_center_first(const Board& board, Rng& rng) {
  const unsigned taken = board.mine | board.theirs;
  if ((taken >> 4 & 1U) == 0) return 4;
  std::vector<int> corners;
  for (const int corner : {0, 2, 6, 8}) {
    if ((taken >> corner & 1U) == 0) corners.push_back(corner);
  }
  return corners.empty() ? play_random(board, rng) : any_of(corners, rng);
}

class TicTacToe {
 public:
  static joust::Declaration declare() {
    joust::Declaration it("tic-tac-toe",
                          "Tic-tac-toe; a score is the mean of 1 for a win and 0.5 for a draw.");
    it.seats(2, 2, 2);
    it.parameter(joust::Parameter::integer("games", 10)
                     .between(1, 10'000)
                     .unit("games")
                     .about("length of a match; the players take turns at beginning"));
    it.competitor("Random", "any free field");
    it.competitor("CenterFirst", "the centre, then corners, then what is left");
    it.competitor("Perfect", "never loses: any of the best moves");
    it.competitor("Careless", "as Perfect, but for some moves",
                  {joust::Parameter::real("carelessness", 0.25)
                       .between(0, 1)
                       .unit("probability")
                       .about("that a move is a random one")});
    return it;
  }

  explicit TicTacToe(const joust::Setup& setup)
      : games_(static_cast<std::uint64_t>(setup.parameters.integer("games"))) {
    for (const joust::Competitor& competitor : setup.competitors) {
      strategies_.push_back(strategy_of(competitor));
    }
  }

  joust::Result play(const joust::Task& task, joust::Context& context) {
    // One stream for each player: what one draws changes nothing for the other.
    Rng seeds(task.seed);
    std::array<Rng, 2> streams = {Rng(seeds.next()), Rng(seeds.next())};
    std::array<std::uint64_t, 2> wins = {0, 0};
    for (std::uint64_t game = 0; game < games_; ++game) {
      const int winner = play_game(task, static_cast<int>(game % 2), streams);
      if (winner >= 0) ++wins[static_cast<std::size_t>(winner)];
      context.progress(game + 1, games_);
    }
    const auto games = static_cast<double>(games_);
    const std::uint64_t draws = games_ - wins[0] - wins[1];
    joust::Result result;
    for (const std::uint64_t won : wins) {
      const double points = static_cast<double>(won) + 0.5 * static_cast<double>(draws);
      result.seats.push_back({points / games, {}, {{"wins", static_cast<double>(won)}}});
    }
    result.counters = {{"draws", static_cast<double>(draws)}};
    return result;
  }

 private:
  Strategy strategy_of(const joust::Competitor& competitor) const {
    if (competitor.type == "Random") return play_random;
    if (competitor.type == "CenterFirst") return play_center_first;
    const auto perfect = [this](const Board& board, Rng& rng) {
      return any_of(solver_.best_moves(board), rng);
    };
    if (competitor.type == "Perfect") return perfect;
    const double carelessness = competitor.parameters.real("carelessness");
    return [perfect, carelessness](const Board& board, Rng& rng) {
      return rng.unit() < carelessness ? play_random(board, rng) : perfect(board, rng);
    };
  }

  // The seat that wins, or -1.
  int play_game(const joust::Task& task, int first, std::array<Rng, 2>& streams) const {
    Board board;
    for (int seat = first;; seat = 1 - seat) {
      const auto place = static_cast<std::size_t>(seat);
      const int field = strategies_[task.seats[place]](board, streams[place]);
      // none of the players above does this; one that does is to blame
      if (field < 0 || field >= kFields || ((board.mine | board.theirs) >> field & 1U) != 0) {
        throw joust::CompetitorFault(static_cast<std::uint32_t>(seat),
                                     "there is no free field " + std::to_string(field));
      }
      board = board.after(field);
      if (has_line(board.theirs)) return seat;
      if (board.is_full()) return -1;
    }
  }

  std::uint64_t games_;
  Solver solver_;
  std::vector<Strategy> strategies_;  // of each competitor
};

}  // namespace

JOUST_PLUGIN(TicTacToe)
