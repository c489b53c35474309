#include "runner/scoring/strikes.hpp"

#include <limits>

namespace joust::scoring {

Strikes::Strikes(const Tournament& tournament, const Plan& plan,
                 const std::map<TaskIndex, std::uint32_t>& culprits)
    : next_(culprits.begin()), end_(culprits.end()) {
  if (tournament.disqualify_after > 0) rule_.emplace(plan, tournament.disqualify_after);
}

bool Strikes::is_void(TaskIndex task) {
  if (!rule_) return false;
  strike_before(task);
  if (next_ != end_ && next_->first == task) ++next_;  // given up, and yet counted
  return rule_->void_for(task).has_value();
}

void Strikes::forfeit(TaskIndex task, std::uint32_t competitor) {
  if (rule_) rule_->strike(task, competitor);
}

void Strikes::finish() {
  if (rule_) strike_before(std::numeric_limits<TaskIndex>::max());
}

void Strikes::strike_before(TaskIndex task) {
  for (; next_ != end_ && next_->first < task; ++next_) {
    if (!rule_->void_for(next_->first)) rule_->strike(next_->first, next_->second);
  }
}

std::optional<TaskIndex> Strikes::out_at(std::uint32_t competitor) const {
  if (!rule_) return std::nullopt;
  const auto found = rule_->out().find(competitor);
  if (found == rule_->out().end()) return std::nullopt;
  return found->second;
}

}  // namespace joust::scoring
