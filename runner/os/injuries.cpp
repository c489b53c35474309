#include "runner/os/injuries.hpp"

#include <signal.h>

#include <algorithm>
#include <boost/random/bernoulli_distribution.hpp>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>

namespace joust::os {
namespace {

constexpr int kMostHits = 3;

}  // namespace

Injuries::Injuries(const InjuryPlan& plan, TimePoint start)
    : plan_(plan), random_(plan.seed), next_(start + pause()) {}

Duration Injuries::pause() {
  const double seconds =
      boost::random::exponential_distribution<double>(plan_.per_second())(random_);
  constexpr double kLongest = 1e6;
  return Duration(std::llround(std::min(seconds, kLongest) * 1e9));
}

std::optional<int> Injuries::take_due(TimePoint now) {
  if (now < next_) return std::nullopt;
  next_ = now + pause();
  const bool kills = boost::random::bernoulli_distribution<double>(plan_.kills_per_second /
                                                                   plan_.per_second())(random_);
  return kills ? SIGKILL : SIGSTOP;
}

std::size_t Injuries::choose(std::size_t candidates) {
  return boost::random::uniform_int_distribution<std::size_t>(0, candidates - 1)(random_);
}

bool Injuries::may_hit(TaskIndex task) const {
  const auto found = hits_.find(task);
  return found == hits_.end() || found->second < kMostHits;
}

}  // namespace joust::os
