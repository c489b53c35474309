#pragma once
// From a task's index to what its world is told.

#include <stdexcept>
#include <string>
#include <vector>

#include "common/plan.hpp"
#include "common/world.hpp"

namespace joust {

// Throws std::runtime_error when the world did not score each of its seats.
inline void require_all_scores(const WorldTask& task, const WorldResult& result) {
  if (result.seats.size() == task.seats.size()) return;
  throw std::runtime_error("the world returned " + std::to_string(result.seats.size()) +
                           " scores for " + std::to_string(task.seats.size()) + " seats");
}

// Reuses the storage of the seats. Belongs to one thread.
class TaskDecoder {
 public:
  // Throws as Plan's constructor.
  explicit TaskDecoder(const PlanShape& shape) : plan_(shape) {}

  // The task; its seats stay valid until the next call. REQUIRES: index < plan().worlds().
  WorldTask decode(TaskIndex index) {
    const PlanCell cell = plan_.cell(index);
    plan_.seats(cell, seats_);
    return {.index = index,
            .seed = plan_.world_seed(cell),
            .config_seed = plan_.config_seed(cell.config),
            .set = cell.set,
            .config = cell.config,
            .rotation = cell.rotation,
            .run = cell.run,
            .seats = seats_};
  }

  const Plan& plan() const { return plan_; }

 private:
  Plan plan_;
  std::vector<std::uint32_t> seats_;
};

}  // namespace joust
