// Handing out work: which slot gets a worker, which worker gets which tasks, and when the run is
// over.

#include <fmt/format.h>

#include <algorithm>

#include "runner/core/pool.hpp"

namespace joust::core {
namespace {

// Leases in hand per worker: enough that it does not run dry while the supervisor looks elsewhere.
// With 4 ms of them, and a bell every 2, the supervisor needs 3.3 us of its own for a world of
// 100 us (journaled, medians of 5); with half as much 4.3.
constexpr double kWorkInHandNs = 4e6;
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
  const std::uint64_t tasks = ledger_.pending() + ledger_.leased() - ledger_.waiting_for_solo();
  return tasks > staffed ? tasks - staffed : 0;
}

void Pool::staff(TimePoint now, Actions& out) {
  if (!needs_workers() || staff_solo(now, out)) return;
  held_back_ = false;
  // no more workers than tasks that could still be given to one
  std::uint64_t wanted = unstaffed_tasks();
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (!std::holds_alternative<Vacant>(slot.state)) continue;
    if (!ramp_allows_another()) break;
    if (!slot.reserved) {  // else it replaces a worker that has made room for it
      if (wanted == 0) continue;
      --wanted;
      held_back_ = !memory_admits_another();
      if (held_back_) continue;
    }
    spawn(index, false, now, out);
  }
  tell_memory(out);
}

// Worlds that want the whole machine are played when all others are over, one at a time, on a fresh
// worker beside which no other lives. True: it is so far, and nobody else is to be started.
bool Pool::staff_solo(TimePoint now, Actions& out) {
  const auto solo = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) {
    const Worker* worker = live_worker(slot);
    return slot.reserved ? slot.reserved->solo : worker != nullptr && worker->solo && worker->alone;
  });
  if (solo == slots_.end() && !ledger_.only_solo_left()) return false;
  if (solo == slots_.end()) {
    make_way_for_solo(now, out);
  } else if (std::holds_alternative<Vacant>(solo->state)) {  // its worker could not be started
    spawn(static_cast<SlotIndex>(solo - slots_.begin()), true, now, out);
  }
  return true;
}

void Pool::make_way_for_solo(TimePoint now, Actions& out) {
  bool anybody_lives = false;
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    if (std::holds_alternative<Idle>(slots_[index].state)) {
      drain(index, "the next world wants the whole machine", now, out);
    }
    anybody_lives |= live_worker(slots_[index]) != nullptr;
  }
  const auto vacant = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return std::holds_alternative<Vacant>(slot.state);
  });
  if (anybody_lives || vacant == slots_.end()) return;
  vacant->reserved = ledger_.next_solo(now);
  if (vacant->reserved) spawn(static_cast<SlotIndex>(vacant - slots_.begin()), true, now, out);
}

// The first worker starts alone: it brings the program, and what it reads, into the page cache for
// all others, and shows what a worker takes.
bool Pool::ramp_allows_another() const {
  if (options_.ramp == 0) return true;
  std::uint32_t starting = 0;
  std::uint32_t ready = 0;
  for (const Slot& slot : slots_) {
    if (std::holds_alternative<Starting>(slot.state)) {
      ++starting;
    } else if (live_worker(slot) != nullptr) {
      ++ready;
    }
  }
  return starting < (ready == 0 ? 1 : std::max(options_.ramp, ready));
}

void Pool::spawn(SlotIndex index, bool solo, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  Worker worker;
  worker.solo = solo;
  worker.order = totals_.workers_started;
  worker.epoch = ++slot.last_epoch;
  worker.watch.since = now;
  const WorkerId id{index, worker.epoch};
  slot.state = Starting{std::move(worker), now + options_.start_timeout};
  ++totals_.workers_started;
  out.push_back(Spawn{id, solo});
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
  if (!slot.reserved && recycle_if_due(index, now, out)) return;
  if (!slot.reserved && ledger_.alone_is_due(now)) slot.reserved = ledger_.next(now, true);
  if (slot.reserved) {
    give_reserved(index, now, out);
    return;
  }
  std::size_t most = window();
  if (options_.recycle_after > 0) {
    most =
        std::min<std::size_t>(most, worker.leases.size() + options_.recycle_after - worker.given);
  }
  if (worker.leases.size() > most / 2) return;
  while (worker.leases.size() < most) {
    const auto pick = ledger_.next(now, false);
    if (!pick) break;
    give(index, *live_worker(slot), *pick, now, out);
  }
}

void Pool::give_reserved(SlotIndex index, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  Worker& worker = *live_worker(slot);
  if (!worker.leases.empty()) return;
  if (worker.played > 0) {
    drain(index, "the next world wants a fresh worker", now, out);
    return;
  }
  worker.alone = true;
  const Pick pick = *slot.reserved;
  slot.reserved.reset();
  give(index, worker, pick, now, out);
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

// A worker that has played as many worlds as it may is given no more, and replaced; so is one that
// was started without a memory limit.
bool Pool::recycle_if_due(SlotIndex index, TimePoint now, Actions& out) {
  const Worker& worker = *live_worker(slots_[index]);
  if (worker.solo && worker.given > 0) {
    if (worker.leases.empty()) drain(index, "it had the whole machine", now, out);
    return true;
  }
  if (options_.recycle_after == 0 || worker.given < options_.recycle_after) return false;
  if (worker.leases.empty()) {
    drain(index, fmt::format("recycled after {} worlds", worker.given), now, out);
  }
  return true;
}

void Pool::drain(SlotIndex index, std::string why, TimePoint now, Actions& out) {
  Slot& slot = slots_[index];
  TimePoint deadline = now + kDrainPatience;
  if (const auto* busy = std::get_if<Busy>(&slot.state)) deadline = busy->deadline;
  Worker worker = std::move(*live_worker(slot));
  const WorkerId id{index, worker.epoch};
  slot.state = Draining{std::move(worker), deadline, std::move(why)};
  out.push_back(AskToStop{id});
}

void Pool::retire_idle(TimePoint now, Actions& out) {
  if (needs_workers()) return;
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    give_back_reserved(slot);  // the run ends before the world got its last try
    if (std::holds_alternative<Idle>(slot.state)) {
      drain(index, "", now, out);
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
  memory_at_ = kNever;
  total_deadline_ = kNever;
  commit_deadline_ = kNever;
  if (ledger_.complete() && !journal_given_up()) {
    ending_ = Finish{Outcome::finished, {}};
  }
  out.push_back(*ending_);
}

}  // namespace joust::core
