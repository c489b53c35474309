#pragma once
// Who is out of the tournament, and from which world on: [tournament] disqualify_after = N.
//
// A competitor gets a strike for each world that is lost to it: one that was given up for its
// failure, or in which it forfeited. Its N-th strike, in the order of the plan, puts it out. Every
// later world in which it is seated is void: it is not played, and where it was played already
// (workers run ahead) it does not count, and neither do strikes in it. So which worlds count
// follows from what happens in each of them, whenever that came to be known.

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/plan.hpp"

namespace joust {

// Const functions may be called from any thread.
class Disqualification {
 public:
  // REQUIRES: after >= 1.
  Disqualification(const Plan& plan, std::uint32_t after) : plan_(plan), after_(after) {}

  // Which worlds are void after a strike: as before, more of them, or also some less.
  enum class Change { none, more, other };

  // In any order; what is known already changes nothing. Takes as long as there are known strikes
  // in later worlds: best in order. REQUIRES: a task of the plan, and one of its seats.
  Change strike_seat(TaskIndex task, std::uint32_t seat);
  // The same by the competitor's index. REQUIRES: it sits there.
  Change strike(TaskIndex task, std::uint32_t competitor);

  // The seated competitor for which the world is void, of several the one that went out first;
  // nothing: the world is played. Takes as long as Plan::seats once somebody is out.
  std::optional<std::uint32_t> void_for(TaskIndex task) const;

  // How many worlds of the plan are void. Looks at all of them that come after the first
  // disqualification.
  std::uint64_t count_void() const;

  // Of those who are out: the world of the last strike.
  const std::map<std::uint32_t, TaskIndex>& out() const { return out_; }

  // There are fewer competitors left than a world has seats: every world after the last strike is
  // void.
  bool too_few_left() const {
    return plan_.shape().competitors - out_.size() < plan_.shape().per_world;
  }
  std::uint32_t after() const { return after_; }

 private:
  using Strike = std::pair<TaskIndex, std::uint32_t>;

  void count(const Strike& strike, bool& counts);
  void take_back(const Strike& strike, bool& counts);
  std::vector<std::uint32_t> seats(TaskIndex task) const;

  Plan plan_;
  std::uint32_t after_;
  std::map<Strike, bool> strikes_;  // whether it counts: the world is not void
  std::unordered_map<std::uint32_t, std::uint32_t> tally_;  // counting strikes, by competitor
  std::map<std::uint32_t, TaskIndex> out_;  // competitor -> world of its last strike
};

}  // namespace joust
