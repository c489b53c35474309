#include "runner/core/slot.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace joust::core {
namespace {

template <class State>
constexpr bool kHasWorker = requires(State& state) {
  state.worker;
};

template <class State>
constexpr bool kHasDeadline = requires(State& state) {
  state.deadline;
};

void shift(TimePoint& time, Duration gap) {
  if (time != kNever) time += gap;
}

template <class SlotType>
auto* find_worker(SlotType& slot) {
  using Result = std::conditional_t<std::is_const_v<SlotType>, const Worker, Worker>;
  return std::visit(
      [](auto& state) -> Result* {
        if constexpr (kHasWorker<std::remove_cvref_t<decltype(state)>>) {
          return &state.worker;
        } else {
          return nullptr;
        }
      },
      slot.state);
}

}  // namespace

std::string mebibytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

Worker* live_worker(Slot& slot) { return find_worker(slot); }
const Worker* live_worker(const Slot& slot) { return find_worker(slot); }

bool charges_front(const Dying& dying) {
  return dying.cause != Cause::cancelled && !dying.worker.leases.empty() &&
         dying.worker.leases.front().ordinal == dying.blamed;
}

bool is_injury(const Dying& dying) {
  return dying.worker.injured && (dying.cause == Cause::frozen || dying.cause == Cause::stalled ||
                                  dying.cause == Cause::timed_out);
}

TimePoint deadline_of(const Slot& slot) {
  return std::visit(
      [](const auto& state) {
        using State = std::remove_cvref_t<decltype(state)>;
        if constexpr (std::is_same_v<State, CoolingDown>) {
          return state.until;
        } else if constexpr (kHasDeadline<State>) {
          return state.deadline;
        } else {
          return kNever;
        }
      },
      slot.state);
}

void shift_times(Slot& slot, Duration gap) {
  std::visit(
      [gap](auto& state) {
        using State = std::remove_cvref_t<decltype(state)>;
        if constexpr (std::is_same_v<State, CoolingDown>) {
          shift(state.until, gap);
        } else if constexpr (kHasDeadline<State>) {
          shift(state.deadline, gap);
        }
      },
      slot.state);
  if (Worker* worker = live_worker(slot)) {
    worker->watch.since += gap;
    worker->watch.beat_at += gap;
    shift(worker->warm_at, gap);
    if (worker->watch.stopped_since) *worker->watch.stopped_since += gap;
  }
}

}  // namespace joust::core
