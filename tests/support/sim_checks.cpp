// The promises of the core, checked against what really happened.

#include <fmt/format.h>

#include <algorithm>

#include "sim_session.hpp"

namespace joust::sim {
namespace {

constexpr std::size_t kMostLeases = 256;

}  // namespace

void Session::require(bool promise, std::string_view otherwise) const {
  if (!promise) throw BrokenPromise(std::string(otherwise));
}

Session::Known* Session::find(const core::WorkerId& id) {
  const auto found = std::find_if(processes_.begin(), processes_.end(),
                                  [&id](const Known& known) { return known.process.id() == id; });
  return found == processes_.end() ? nullptr : &*found;
}

Session::Known& Session::known(const core::WorkerId& id, const char* what) {
  Known* found = find(id);
  if (found == nullptr) {
    throw BrokenPromise(
        fmt::format("{} for slot {} epoch {}, which is no process", what, id.slot, id.epoch));
  }
  return *found;
}

std::size_t Session::living() const {
  return static_cast<std::size_t>(std::count_if(
      processes_.begin(), processes_.end(), [](const Known& known) { return !known.abandoned; }));
}

void Session::forget_leases(Known& known) {
  for (const core::Give& lease : known.leases) leased_.erase(lease.task);
  known.leases.clear();
}

void Session::check_lease(const Known& holder, const core::Give& action) const {
  require(holder.ready, "a task is given to a worker that is not ready");
  require(!holder.signalled && !holder.asked_to_stop && !holder.abandoned,
          "a task is given to a worker that is being stopped");
  require(!journal_->stalled(), "a task is given while the journal takes no results");
  require(holder.leases.size() < kMostLeases, "a worker holds too many leases");
  require(action.ordinal == holder.given + 1, "ordinals of leases are not consecutive");
  require(action.task < scenario_->tasks, "a task is given that is not in the plan");
  require(!leased_.contains(action.task), "a task is given to two workers");
  require(!accepted_.contains(action.task) && !journal_->done().contains(action.task),
          "a task is given that is done");
  require(!journal_->quarantined().contains(action.task), "a task is given that was given up");
  require(!rule_ || !rule_->void_for(action.task), "a task is given that is void");
  const AttemptNumber most = scenario_->options.attempts;
  require(action.attempt >= 1 && action.attempt <= most, "a task has too many attempts");
  if (starved_.contains(action.task)) {
    require(holder.solo && holder.given == 0 && living() == 1,
            "a world that died of memory is not alone among all workers");
  }
  if (action.attempt > 1 && action.attempt == most) {
    require(holder.given == 0, "a last attempt is not on a fresh worker");
  }
  for (const core::Give& lease : holder.leases) {
    require(lease.attempt == 1 || lease.attempt < most, "a last attempt is not alone");
  }
}

void Session::check_blame(const Known& blamed, const core::RecordFailure& action) const {
  require(!blamed.leases.empty() && blamed.leases.front().ordinal == action.ordinal &&
              blamed.leases.front().task == action.task &&
              blamed.leases.front().attempt == action.attempt,
          "a failure is charged that is not the worker's oldest lease");
  require(action.ordinal <= blamed.process.begun(), "a world is charged that was not begun");
  const Fate fate = attempt_plan(*scenario_, action.task, action.attempt).fate;
  const bool died = action.cause == Cause::crashed && blamed.process.died_by_itself();
  const bool cheated = action.cause == Cause::protocol_violation && blamed.process.misbehaved();
  const bool starved = action.cause == Cause::out_of_memory &&
                       (blamed.killed_for_memory || blamed.process.starved());
  if (fits(fate, action.cause) || died || cheated || starved) return;
  throw BrokenPromise(fmt::format("task {} attempt {} has fate {}, yet it is blamed: {} ({})",
                                  action.task, action.attempt, static_cast<int>(fate),
                                  cause_name(action.cause), action.detail));
}

std::uint64_t Session::memory_taken() const {
  std::uint64_t taken = 0;
  for (const Known& known : processes_) taken += known.process.memory();
  return taken;
}

void Session::check_memory_kill(const Known& known) const {
  // decided earlier, or the supervisor does not know yet
  if (known.killed_for_memory || known.process.starved()) return;
  const std::uint64_t limit = scenario_->options.memory_limit;
  const bool is_over = limit > 0 && !known.solo && known.process.memory() > limit;
  const bool is_last = living() == 1 && memory_taken() > scenario_->memory;
  require(is_over || is_last, "a worker is killed for its memory, and took no more than it may");
}

void Session::check_burial(Known& gone) {
  require(gone.ends_recorded == 1, "the end of a worker is not recorded once");
  forget_leases(gone);
}

void Session::check_turn() {
  const core::PoolCounts counts = pool_.counts();
  require(counts.done == done_before_ + accepted_.size(), "the count of worlds done is wrong");
  require(counts.tasks == scenario_->tasks, "the count of tasks is wrong");
  std::size_t staffed = 0;
  for (SlotIndex index = 0; index < pool_.slots().size(); ++index) {
    const core::Worker* worker = core::live_worker(pool_.slots()[index]);
    if (worker == nullptr) continue;
    ++staffed;
    const Known& process = known({index, worker->epoch}, "slot");
    require(!process.abandoned, "a slot holds an abandoned worker");
    require(worker->leases.size() == process.leases.size(),
            "a slot and its worker hold different leases");
  }
  require(staffed == living(), "a live worker is in no slot");
  if (finish_) return;
  if (pool_.next_deadline() <= now_) {
    throw BrokenPromise(fmt::format("it spins: the next deadline is {} ms ago, and nothing is due",
                                    (now_ - pool_.next_deadline()) / std::chrono::milliseconds(1)));
  }
}

void Session::check_end() {
  require(pool_.finished() && pool_.next_deadline() == kNever, "a deadline is armed at rest");
  require(living() == 0, "a worker outlives the run");
  for (const core::Slot& slot : pool_.slots()) {
    require(core::live_worker(slot) == nullptr, "a slot holds a worker at rest");
    require(!slot.reserved, "a slot holds a reserved task at rest");
  }
  const bool peaceful =
      finish_->outcome == core::Outcome::finished || finish_->outcome == core::Outcome::interrupted;
  require(peaceful || !scenario_->healthy, "a healthy run ends badly: " + finish_->reason);
  if (finish_->outcome == core::Outcome::journal_error) {
    journal_->end_session(0);
    return;
  }
  for (const TaskIndex task : accepted_) {
    require(journal_->done().contains(task), "the run ended before a result was committed");
  }
  journal_->end_session(std::nullopt);
}

}  // namespace joust::sim
