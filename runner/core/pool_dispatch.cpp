// Handing out work: which slot gets a worker, which worker gets which tasks, and when the run is
// over.

#include <algorithm>

#include "runner/core/pool.hpp"

namespace joust::core {
namespace {

// Leases in hand per worker: enough that it does not run dry while the supervisor looks elsewhere.
constexpr double kWorkInHandNs = 2e6;
constexpr std::size_t kSmallestWindow = 2;
constexpr std::size_t kLargestWindow = 256;
constexpr Duration kDrainPatience = std::chrono::seconds(5);

}  // namespace

bool Pool::needs_workers() const { return !ending_ && !ledger_.complete(); }

std::uint64_t Pool::unstaffed_tasks() const {
  const auto staffed =
      static_cast<std::uint64_t>(std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) {
        return slot.reserved || live_worker(slot) != nullptr;
      }));
  const std::uint64_t tasks = ledger_.pending() + ledger_.leased();
  return tasks > staffed ? tasks - staffed : 0;
}

void Pool::staff(TimePoint now, Actions& out) {
  if (!needs_workers()) return;
  // no more workers than tasks that could still be given to one
  std::uint64_t wanted = unstaffed_tasks();
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (!std::holds_alternative<Vacant>(slot.state)) continue;
    if (!slot.reserved) {
      if (wanted == 0) continue;
      --wanted;
    }
    spawn(index, now, out);
  }
}

void Pool::spawn(SlotIndex index, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  Worker worker;
  worker.epoch = ++slot.last_epoch;
  worker.watch.since = now;
  const WorkerId id{index, worker.epoch};
  slot.state = Starting{std::move(worker), now + options_.start_timeout};
  ++totals_.workers_started;
  out.push_back(Spawn{id});
}

void Pool::dispatch(TimePoint now, Actions& out) {
  if (!needs_workers() || journal_stalled_) return;
  for (SlotIndex index = 0; index < slots_.size(); ++index) fill(index, now, out);
}

std::size_t Pool::window() const {
  if (mean_played_ns_ == 0) return kSmallestWindow;
  const double by_time = kWorkInHandNs / mean_played_ns_;
  const auto roomy = static_cast<std::size_t>(
      std::clamp(by_time, double{kSmallestWindow}, double{kLargestWindow}));
  // near the end, no idle worker shall wait behind a busy one
  const std::uint64_t share = (ledger_.pending() + ledger_.leased()) / (2 * slots_.size());
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(share, 1, roomy));
}

void Pool::fill(SlotIndex index, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  if (!std::holds_alternative<Idle>(slot.state) && !std::holds_alternative<Busy>(slot.state))
    return;
  Worker& worker = *live_worker(slot);
  if (worker.alone) return;
  if (!slot.reserved && ledger_.alone_is_due(now)) slot.reserved = ledger_.next(now, true);
  if (slot.reserved) {
    if (!worker.leases.empty()) return;
    if (worker.played > 0) {
      drain(index, now, out);
      return;
    }
    worker.alone = true;
    const Pick pick = *slot.reserved;
    slot.reserved.reset();
    give(index, worker, pick, now, out);
    return;
  }
  const std::size_t most = window();
  if (worker.leases.size() > most / 2) return;
  while (worker.leases.size() < most) {
    const auto pick = ledger_.next(now, false);
    if (!pick) break;
    give(index, *live_worker(slot), *pick, now, out);
  }
}

void Pool::give(SlotIndex index, Worker& worker, const Pick& pick, TimePoint now, Actions& out) {
  const Lease lease{++worker.given, pick};
  const bool was_idle = worker.leases.empty();
  worker.leases.push_back(lease);
  out.push_back(Give{{index, worker.epoch}, lease.ordinal, pick.task, pick.attempt});
  if (was_idle) front_changed(index, now);
}

void Pool::front_changed(SlotIndex index, TimePoint now) {
  Slot& slot = slots_[index];
  Worker& worker = *live_worker(slot);
  worker.watch = Watch{};
  worker.watch.since = now;
  worker.watch.beat_at = now;
  if (worker.leases.empty()) worker.alone = false;
  if (auto* idle = std::get_if<Idle>(&slot.state)) {
    if (!worker.leases.empty()) {
      Worker moved = std::move(idle->worker);
      slot.state = Busy{std::move(moved), now + options_.world_deadline};
    }
  } else if (auto* busy = std::get_if<Busy>(&slot.state)) {
    if (worker.leases.empty()) {
      Worker moved = std::move(busy->worker);
      slot.state = Idle{std::move(moved)};
    } else {
      busy->deadline = now + options_.world_deadline;
    }
  } else if (auto* draining = std::get_if<Draining>(&slot.state)) {
    // the next world may have begun before the worker saw that it shall stop: it may finish, too
    draining->deadline = now + (worker.leases.empty() ? kDrainPatience : options_.world_deadline);
  }
}

void Pool::drain(SlotIndex index, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  TimePoint deadline = now + kDrainPatience;
  if (const auto* busy = std::get_if<Busy>(&slot.state)) deadline = busy->deadline;
  Worker worker = std::move(*live_worker(slot));
  const WorkerId id{index, worker.epoch};
  slot.state = Draining{std::move(worker), deadline};
  out.push_back(AskToStop{id});
}

void Pool::retire_idle(TimePoint now, Actions& out) {
  if (needs_workers()) return;
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (slot.reserved) {  // the run ends before the world got its last try
      ledger_.give_back(*slot.reserved);
      slot.reserved.reset();
    }
    if (std::holds_alternative<Idle>(slot.state)) {
      drain(index, now, out);
    } else if (std::holds_alternative<Starting>(slot.state)) {
      kill(index, Cause::cancelled, "nothing is left to play", now, out);
    } else if (std::holds_alternative<Vacant>(slot.state) ||
               std::holds_alternative<CoolingDown>(slot.state)) {
      slot.state = Retired{};
    }
  }
}

void Pool::finish_if_over(TimePoint now, Actions& out) {
  if (needs_workers()) return;
  const bool all_retired = std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return std::holds_alternative<Retired>(slot.state);
  });
  if (!all_retired) return;
  const bool all_committed =
      committed_.results >= accepted_ && committed_.quarantines >= quarantined_now_;
  if (!all_committed && !journal_given_up()) {
    await_commits(now);
    return;
  }
  finished_ = true;
  sample_at_ = kNever;
  total_deadline_ = kNever;
  commit_deadline_ = kNever;
  if (ledger_.complete() && !journal_given_up()) {
    ending_ = Finish{Outcome::finished, {}};
  }
  out.push_back(*ending_);
}

}  // namespace joust::core
