#include "common/disqualification.hpp"

#include <algorithm>
#include <iterator>

namespace joust {

std::vector<std::uint32_t> Disqualification::seats(TaskIndex task) const {
  std::vector<std::uint32_t> seats;
  plan_.seats(plan_.cell(task), seats);
  return seats;
}

Disqualification::Change Disqualification::strike_seat(TaskIndex task, std::uint32_t seat) {
  return strike(task, seats(task).at(seat));
}

// Whether an earlier world is void cannot change: only what comes after is counted anew.
Disqualification::Change Disqualification::strike(TaskIndex task, std::uint32_t competitor) {
  const auto [place, is_new] = strikes_.emplace(Strike(task, competitor), false);
  if (!is_new) return Change::none;
  const auto next = std::next(place);
  if (next == strikes_.end()) {
    const std::size_t before = out_.size();
    count(place->first, place->second);
    return out_.size() == before ? Change::none : Change::more;
  }
  const std::map<std::uint32_t, TaskIndex> before = out_;
  for (auto later = strikes_.end(); later != next;) {
    --later;
    take_back(later->first, later->second);
  }
  for (auto each = place; each != strikes_.end(); ++each) count(each->first, each->second);
  if (out_ == before) return Change::none;
  const bool only_more = std::all_of(before.begin(), before.end(), [this](const auto& was) {
    const auto now = out_.find(was.first);
    return now != out_.end() && now->second <= was.second;
  });
  return only_more ? Change::more : Change::other;
}

void Disqualification::count(const Strike& strike, bool& counts) {
  const auto& [task, competitor] = strike;
  counts = !void_for(task);
  if (counts && ++tally_[competitor] == after_) out_.emplace(competitor, task);
}

void Disqualification::take_back(const Strike& strike, bool& counts) {
  if (!counts) return;
  counts = false;
  if (tally_[strike.second]-- == after_) out_.erase(strike.second);
}

std::uint64_t Disqualification::count_void() const {
  TaskIndex task = plan_.worlds();
  for (const auto& [competitor, last] : out_) task = std::min(task, last);
  std::uint64_t count = 0;
  for (; task < plan_.worlds(); ++task)
    count += static_cast<std::uint64_t>(void_for(task).has_value());
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
