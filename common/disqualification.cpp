#include "common/disqualification.hpp"

#include <algorithm>

namespace joust {

std::vector<std::uint32_t> Disqualification::seats(TaskIndex task) const {
  std::vector<std::uint32_t> seats;
  plan_.seats(plan_.cell(task), seats);
  return seats;
}

bool Disqualification::strike_seat(TaskIndex task, std::uint32_t seat) {
  return strike(task, seats(task).at(seat));
}

bool Disqualification::strike(TaskIndex task, std::uint32_t competitor) {
  if (!strikes_.emplace(task, competitor).second) return false;
  const std::map<std::uint32_t, TaskIndex> before = std::move(out_);
  out_.clear();
  std::map<std::uint32_t, std::uint32_t> counts;
  for (const auto& [world, culprit] : strikes_) {
    if (void_for(world)) continue;
    if (++counts[culprit] == after_) out_.emplace(culprit, world);
  }
  return out_ != before;
}

std::uint64_t Disqualification::count_void() const {
  TaskIndex task = plan_.worlds();
  for (const auto& [competitor, last] : out_) task = std::min(task, last);
  std::uint64_t count = 0;
  for (; task < plan_.worlds(); ++task) count += static_cast<std::uint64_t>(void_for(task).has_value());
  return count;
}

std::optional<std::uint32_t> Disqualification::void_for(TaskIndex task) const {
  if (out_.empty()) return std::nullopt;
  auto first = out_.end();
  for (const std::uint32_t competitor : seats(task)) {
    const auto found = out_.find(competitor);
    if (found == out_.end() || found->second >= task) continue;
    if (first == out_.end() || found->second < first->second) first = found;
  }
  if (first == out_.end()) return std::nullopt;
  return first->first;
}

}  // namespace joust
