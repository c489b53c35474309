// Memory: how many workers fit, which are too large, and who goes when it gets short.
//
// A worker is expected to take what the largest of those that play takes; the first one shows it.
// Another is started while what is free covers it, and the growth of those that have not got so far
// yet. When memory gets short all the same, the youngest worker is given nothing more, and then
// ended, at no charge: the oldest ones go on, so that worlds are always being finished.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/core/pool.hpp"

namespace joust::core {
namespace {

// What a worker may come to take that nobody has seen playing yet. Where there is as much for each,
// nobody waits for the first one to be measured.
constexpr std::uint64_t kUnmeasured = 1ULL << 30;
// How long a worker plays, in its first world, before it counts as grown.
constexpr Duration kWarmUp = std::chrono::seconds(1);
constexpr Duration kLookPeriod = std::chrono::milliseconds(250);
constexpr Duration kCloseLookPeriod = std::chrono::milliseconds(50);
// How long the youngest may go on with its world when memory is short, but not dangerously so.
constexpr Duration kReliefPatience = std::chrono::seconds(1);
// Over this time, about, large worlds are forgotten when only small ones follow.
constexpr double kForgettingSeconds = 30;

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

bool is_dying(const Slot& slot) { return std::holds_alternative<Dying>(slot.state); }

bool was_killed(const Slot& slot) {
  const auto* dying = std::get_if<Dying>(&slot.state);
  return dying != nullptr && dying->ending == Ending::killed;
}

bool lives_on(const Slot& slot) { return live_worker(slot) != nullptr && !is_dying(slot); }

}  // namespace

void Pool::note_ready(Worker& worker, TimePoint now) {
  worker.warm_at = now + kWarmUp;
  if (options_.watch_memory) memory_at_ = now;
}

void Pool::note_played(const Worker& worker, TimePoint now) {
  if (held_back_ && worker.played == 1) memory_at_ = now;  // it can be measured now
}

// A look costs 80 us for the machine and 17 for each worker (medians of 500).
Duration Pool::memory_period() const {
  const bool is_close = room_ && *room_ < static_cast<std::int64_t>(guess_of_worker());
  const bool may_grow = options_.memory_limit > 0 &&
                        std::any_of(slots_.begin(), slots_.end(), [this](const Slot& slot) {
                          const Worker* worker = live_worker(slot);
                          return worker != nullptr && worker->memory > options_.memory_limit / 2;
                        });
  return is_close || may_grow ? kCloseLookPeriod : kLookPeriod;
}

void Pool::arm_memory_looks(TimePoint now, Actions& out) {
  if (!options_.watch_memory) return;
  if (std::none_of(slots_.begin(), slots_.end(), lives_on)) {
    memory_at_ = kNever;
  } else if (memory_at_ == kNever || memory_at_ <= now) {
    if (memory_at_ <= now) out.emplace_back(LookAtMemory{});
    memory_at_ = now + memory_period();
  }
}

void Pool::on(const MemorySeen& event, TimePoint now, Actions& out) {
  room_ = event.room;
  take_measures(event, now);
  learn_expected(now);
  enforce_limits(now, out);
  relieve(event, now, out);
  staff(now, out);
}

void Pool::take_measures(const MemorySeen& event, TimePoint now) {
  for (const WorkerMemory& seen : event.workers) {
    Slot* slot = current(seen.worker);
    if (slot == nullptr) continue;
    Worker& worker = *live_worker(*slot);
    worker.memory = seen.bytes;
    const bool is_warm = worker.played > 0 || (!worker.leases.empty() && worker.warm_at <= now);
    worker.measured = worker.measured || is_warm;
  }
}

// One that is leaving has given some of it back already: it tells of no small need.
void Pool::learn_expected(TimePoint now) {
  double largest = 0;
  bool may_sink = false;
  for (const Slot& slot : slots_) {
    if (!lives_on(slot) || !live_worker(slot)->measured || live_worker(slot)->solo) continue;
    largest = std::max(largest, static_cast<double>(live_worker(slot)->memory));
    may_sink = may_sink || !std::holds_alternative<Draining>(slot.state);
  }
  if (largest == 0 || (largest < expected_ && !may_sink)) return;
  if (largest >= expected_) {
    expected_ = largest;
  } else {
    expected_ +=
        (largest - expected_) * std::min(1.0, in_seconds(now - expected_at_) / kForgettingSeconds);
  }
  expected_at_ = now;
}

std::uint64_t Pool::guess_of_worker() const {
  std::uint64_t guess = static_cast<std::uint64_t>(expected_);
  if (expected_ == 0) {
    guess = kUnmeasured;
    for (const Slot& slot : slots_) {
      if (lives_on(slot)) guess = std::max(guess, live_worker(slot)->memory);
    }
  }
  return options_.memory_limit > 0 ? std::min(guess, options_.memory_limit) : guess;
}

// One that is leaving counts, too: it may have grown since it was last looked at.
std::int64_t Pool::room_to_grow() const {
  const std::uint64_t guess = guess_of_worker();
  std::int64_t left = *room_;
  for (const Slot& slot : slots_) {
    if (!lives_on(slot)) continue;
    const std::uint64_t has = live_worker(slot)->memory;
    left -= static_cast<std::int64_t>(guess - std::min(guess, has));
  }
  return left;
}

bool Pool::memory_admits_another() const {
  if (!options_.watch_memory) return true;
  const bool anybody_lives = std::any_of(
      slots_.begin(), slots_.end(), [](const Slot& slot) { return live_worker(slot) != nullptr; });
  if (!anybody_lives) return true;  // however little there is, somebody plays
  return room_ && room_to_grow() >= static_cast<std::int64_t>(guess_of_worker());
}

// Says once that memory is what keeps slots vacant, when that is known and not only feared.
void Pool::tell_memory(Actions& out) {
  if (!options_.watch_memory || !room_) return;
  const bool is_known = expected_ > 0;
  const auto live = static_cast<std::uint32_t>(std::count_if(
      slots_.begin(), slots_.end(), [](const Slot& slot) { return live_worker(slot) != nullptr; }));
  if (held_back_ == told_held_back_ || (held_back_ && !is_known)) return;
  if (!held_back_ && live < slots_.size()) return;  // it may only be that nobody is wanted
  told_held_back_ = held_back_;
  out.emplace_back(
      TellMemory{live, static_cast<std::uint32_t>(slots_.size()), guess_of_worker(), *room_});
}

void Pool::enforce_limits(TimePoint now, Actions& out) {
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (!lives_on(slot)) continue;
    const Worker& worker = *live_worker(slot);
    if (options_.memory_limit > 0 && !worker.solo && worker.memory > options_.memory_limit) {
      kill_for_memory(index,
                      fmt::format("it took {}, more than workers.memory_limit ({})",
                                  mebibytes(worker.memory), mebibytes(options_.memory_limit)),
                      now, out);
      continue;
    }
    const bool may_be_replaced =
        std::holds_alternative<Idle>(slot.state) || std::holds_alternative<Busy>(slot.state);
    const bool is_large = options_.recycle_above > 0 && worker.memory > options_.recycle_above;
    // one that is so large from the start would be replaced for ever
    if (is_large && may_be_replaced && worker.played > 0 && !worker.alone) {
      drain(index, fmt::format("recycled: it took {}", mebibytes(worker.memory)), now, out);
    }
  }
}

// A world may find in its worker what others before it have left there: it is charged only for what
// a fresh one comes to take. (For each world that is so played again, one was finished before.)
void Pool::kill_for_memory(SlotIndex index, std::string detail, TimePoint now, Actions& out) {
  const bool is_fresh = live_worker(slots_[index])->played == 0;
  kill(index, is_fresh ? Cause::out_of_memory : Cause::cancelled, std::move(detail), now, out);
}

// An idle worker, whose end costs nothing, before those that play; else the youngest.
std::optional<SlotIndex> Pool::most_dispensable() const {
  const auto rank = [this](SlotIndex index) {
    const Slot& slot = slots_[index];
    return std::pair(std::holds_alternative<Idle>(slot.state), live_worker(slot)->order);
  };
  std::optional<SlotIndex> found;
  for (SlotIndex index = 0; index < slots_.size(); ++index) {
    if (lives_on(slots_[index]) && (!found || rank(index) > rank(*found))) found = index;
  }
  return found;
}

bool Pool::is_short_of_memory(const MemorySeen& event) const {
  if (event.room < 0) return true;
  // others on the machine may wait for memory that is theirs alone
  return event.stalls && event.room < static_cast<std::int64_t>(guess_of_worker());
}

void Pool::relieve(const MemorySeen& event, TimePoint now, Actions& out) {
  if (!is_short_of_memory(event)) {
    relief_at_ = kNever;
    return;
  }
  const auto index = most_dispensable();
  // the memory of whoever was killed comes back at any moment
  if (!index || std::any_of(slots_.begin(), slots_.end(), was_killed)) return;
  if (std::count_if(slots_.begin(), slots_.end(), lives_on) > 1) {
    let_go(*index, event, now, out);
  } else if (std::none_of(slots_.begin(), slots_.end(), is_dying)) {
    relieve_of_lone(*index, event, now, out);
  }
}

// One step: the worker is asked to stop, and killed when that was in vain, or at once.
void Pool::let_go(SlotIndex index, const MemorySeen& event, TimePoint now, Actions& out) {
  give_back_reserved(slots_[index]);  // or another would start there at once
  const std::string why = event.room < 0
                              ? fmt::format("memory was short: {} more was taken than may be",
                                            mebibytes(static_cast<std::uint64_t>(-event.room)))
                              : "memory was short: the machine waited for it";
  const SlotState& state = slots_[index].state;
  const bool was_asked = std::holds_alternative<Draining>(state);
  if (std::holds_alternative<Starting>(state) || (was_asked && relief_at_ <= now) ||
      event.critical) {
    kill(index, Cause::cancelled, why, now, out);
    relief_at_ = kNever;
  } else if (!was_asked) {
    drain(index, why, now, out);
    relief_at_ = now + kReliefPatience;
  } else if (relief_at_ == kNever) {
    relief_at_ = now + kReliefPatience;
  }
}

// The only worker there is goes on as long as that is not dangerous, and as long as it has no more
// than half of what there is for workers: then others on the machine have taken the rest.
void Pool::relieve_of_lone(SlotIndex index, const MemorySeen& event, TimePoint now, Actions& out) {
  const Worker& worker = *live_worker(slots_[index]);
  if (!event.critical || worker.leases.empty() || worker.memory <= event.most / 2) return;
  kill_for_memory(index,
                  fmt::format("it took {}, alone, of {} that there are for workers",
                              mebibytes(worker.memory), mebibytes(event.most)),
                  now, out);
}

}  // namespace joust::core
