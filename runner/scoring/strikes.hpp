#pragma once
// Who is disqualified by what a journal holds, followed in the order of the plan.

#include <cstdint>
#include <map>
#include <optional>

#include "common/disqualification.hpp"
#include "common/tournament.hpp"

namespace joust::scoring {

class Strikes {
 public:
  // `culprits`: of worlds that were given up; it outlives this.
  Strikes(const Tournament& tournament, const Plan& plan,
          const std::map<TaskIndex, std::uint32_t>& culprits);

  // Whether a world does not count. Call it for every world with a result, by task.
  bool is_void(TaskIndex task);

  // Of a world that counts. REQUIRES: is_void(task) was asked last.
  void forfeit(TaskIndex task, std::uint32_t competitor);

  // Call once, after the last result and before what follows.
  void finish();

  // The world of the competitor's last strike; nothing: it was not disqualified.
  std::optional<TaskIndex> out_at(std::uint32_t competitor) const;
  // Nothing: nobody is ever disqualified.
  const std::optional<Disqualification>& rule() const { return rule_; }

 private:
  void strike_before(TaskIndex task);

  std::optional<Disqualification> rule_;
  std::map<TaskIndex, std::uint32_t>::const_iterator next_;  // culprit that was not looked at yet
  std::map<TaskIndex, std::uint32_t>::const_iterator end_;
};

}  // namespace joust::scoring
