#include "worker/worlds/prisoners_dilemma/strategies.hpp"

#include <algorithm>
#include <array>
#include <boost/random/bernoulli_distribution.hpp>
#include <stdexcept>
#include <string>

namespace joust::worlds::prisoners_dilemma {
namespace {

using enum Move;

bool happens(double probability, Rng& rng) {
  return boost::random::bernoulli_distribution<double>(probability)(rng);
}

Move copy_last(const View& view, Move opening) {
  return view.theirs.empty() ? opening : view.theirs.back();
}

Move cooperator(const View&, Rng&) { return cooperate; }

Move defector(const View&, Rng&) { return defect; }

Move tit_for_tat(const View& view, Rng&) { return copy_last(view, cooperate); }

Move suspicious_tit_for_tat(const View& view, Rng&) { return copy_last(view, defect); }

// Forgives one defection in three, which Nowak and Sigmund find best for the classic payoffs 5, 3,
// 1, 0: min(1 - (T-R)/(R-S), (R-P)/(T-P)).
Move generous_tit_for_tat(const View& view, Rng& rng) {
  if (copy_last(view, cooperate) == cooperate) return cooperate;
  return happens(1.0 / 3.0, rng) ? cooperate : defect;
}

Move tit_for_two_tats(const View& view, Rng&) {
  const std::size_t rounds = view.theirs.size();
  const bool twice =
      rounds >= 2 && view.theirs[rounds - 1] == defect && view.theirs[rounds - 2] == defect;
  return twice ? defect : cooperate;
}

Move grudger(const View& view, Rng&) { return view.their_defections > 0 ? defect : cooperate; }

// Repeats its move after a good payoff (the other cooperated), changes it after a bad one.
Move win_stay_lose_shift(const View& view, Rng&) {
  if (view.mine.empty()) return cooperate;
  return view.mine.back() == view.theirs.back() ? cooperate : defect;
}

Move joss(const View& view, Rng& rng) {
  if (view.theirs.empty()) return cooperate;
  if (view.theirs.back() == defect) return defect;
  return happens(0.9, rng) ? cooperate : defect;
}

Move random(const View&, Rng& rng) { return happens(0.5, rng) ? cooperate : defect; }

constexpr std::array<Strategy, 10> kStrategies = {{
    {"Cooperator", "always cooperates (Axelrod 1984)", cooperator},
    {"Defector", "always defects (Axelrod 1984)", defector},
    {"GenerousTitForTat", "TitForTat that forgives one defection in three (Nowak & Sigmund 1992)",
     generous_tit_for_tat},
    {"Grudger", "cooperates until the first defection, then never again (Friedman 1971)", grudger},
    {"Joss", "TitForTat that defects unprovoked one time in ten (Joss, in Axelrod 1980)", joss},
    {"Random", "tosses a coin (in Axelrod 1980)", random},
    {"SuspiciousTitForTat", "TitForTat that opens with a defection (Boyd & Lorberbaum 1987)",
     suspicious_tit_for_tat},
    {"TitForTat", "opens with cooperation, then copies the other (Rapoport, in Axelrod 1980)",
     tit_for_tat},
    {"TitForTwoTats", "defects only after two defections in a row (Axelrod 1984)",
     tit_for_two_tats},
    {"WinStayLoseShift", "cooperates if both made the same move; Pavlov (Nowak & Sigmund 1993)",
     win_stay_lose_shift},
}};

}  // namespace

std::span<const Strategy> strategies() { return kStrategies; }

const Strategy& find_strategy(std::string_view name) {
  const auto found = std::find_if(kStrategies.begin(), kStrategies.end(),
                                  [name](const Strategy& each) { return each.name == name; });
  if (found == kStrategies.end()) throw std::logic_error("no strategy " + std::string(name));
  return *found;
}

}  // namespace joust::worlds::prisoners_dilemma
