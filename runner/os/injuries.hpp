#pragma once
// Chaos on demand: how often, and in which order, the supervisor injures its own workers, so that
// users can see on their own worlds that the tables do not change. Decides nothing about whom an
// injury is charged to (nobody: the core is told).

#include <boost/random/mersenne_twister.hpp>
#include <cstdint>
#include <map>
#include <optional>

#include "common/ids.hpp"
#include "common/time.hpp"

namespace joust::os {

struct InjuryPlan {
  double kills_per_second = 0;  // SIGKILL
  double stops_per_second = 0;  // SIGSTOP
  std::uint64_t seed = 1;

  double per_second() const { return kills_per_second + stops_per_second; }
};

class Injuries {
 public:
  // The first comes after `start`. REQUIRES: rates are finite, not negative, and not both zero.
  Injuries(const InjuryPlan& plan, TimePoint start);

  TimePoint next() const { return next_; }

  // The signal that is due at `now`, at most one; nothing before next(). Injuries that the
  // supervisor overslept are left out, not made up for.
  std::optional<int> take_due(TimePoint now);

  // One of so many candidates, from 0. REQUIRES: there is one.
  std::size_t choose(std::size_t candidates);

  // Whether the worker that plays this task may be injured: each world is hit a few times only, so
  // that a run of worlds that take longer than the time between two injuries ends all the same.
  bool may_hit(TaskIndex task) const;
  void note_hit(TaskIndex task) { ++hits_[task]; }

 private:
  Duration pause();

  InjuryPlan plan_;
  boost::random::mt19937_64 random_;
  TimePoint next_;
  std::map<TaskIndex, int> hits_;
};

}  // namespace joust::os
