#pragma once
// One place in the pool. Its state is one of the alternatives below, and each owns its deadline, so
// that a deadline cannot outlive the state it belongs to.
//
//     Vacant -> Starting -> Idle <-> Busy -> Dying -> Vacant       killed, or gone by itself
//                  |          \-> Draining -> Vacant               asked to stop: recycled, run
//                  over
//                  \-> CoolingDown -> Starting                     could not start; back-off
//     Retired: no more work for it

#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "common/ids.hpp"
#include "common/time.hpp"
#include "runner/core/events.hpp"
#include "runner/core/ledger.hpp"

namespace joust::core {

// The supervisor's record that a try was given to a worker. A worker plays its leases in order.
struct Lease {
  LeaseOrdinal ordinal = 0;
  Pick pick;
};

// What is known of the lease in front: the one that is being played, or is next.
struct Watch {
  TimePoint since{};                       // it came to the front
  std::uint32_t beats = 0;                 // reports of progress seen so far; 0: none yet
  TimePoint beat_at{};                     // the last of them
  std::optional<TimePoint> stopped_since;  // found in state T and not seen running after
  bool inspected = false;
  Duration cpu{0};  // processor time at the last inspection
};

// A live worker process.
struct Worker {
  Epoch epoch = 0;
  LeaseOrdinal given = 0;  // leases handed out in this epoch
  LeaseOrdinal begun = 0;  // of these, seen to have begun
  std::uint64_t played = 0;
  bool injured = false;        // by joust itself: what follows from it is nobody's fault
  bool alone = false;          // plays a last attempt: nothing else until it is over
  bool solo = false;           // was started for a world that needs the whole machine's memory
  std::uint64_t order = 0;     // workers are numbered as they are started
  std::uint64_t memory = 0;    // bytes, when last looked at
  bool measured = false;       // that was after it had begun to play in earnest
  TimePoint warm_at = kNever;  // when it counts as having done so, whatever it has finished
  std::deque<Lease> leases;
  Watch watch;
};

struct Vacant {};
struct Starting {
  Worker worker;
  TimePoint deadline;
};
struct Idle {
  Worker worker;
};
struct Busy {
  Worker worker;
  TimePoint deadline;  // of the world in front
};
struct Draining {  // asked to stop; the world in front, if it has begun, may finish
  Worker worker;
  TimePoint deadline;
  std::string why = {};  // it is to be replaced; empty: nothing more is to be played
};
// How far the ending of a worker has come. Each step waits for its deadline, then the next follows.
enum class Ending {
  examined,  // its stacks are being taken
  asked,     // SIGTERM was sent
  killed,    // SIGKILL was sent; at the deadline nobody waits for the kernel any longer
};
struct Dying {  // it is to end; the sentinel is awaited
  Worker worker;
  Cause cause = Cause::cancelled;
  std::string detail;
  LeaseOrdinal blamed = 0;  // the lease it is to end for; if that is over, nobody is charged
  Ending ending = Ending::killed;
  TimePoint deadline;
};
struct CoolingDown {
  TimePoint until;
};
struct Retired {};

using SlotState = std::variant<Vacant, Starting, Idle, Busy, Draining, Dying, CoolingDown, Retired>;

struct Slot {
  SlotState state;
  Epoch last_epoch = 0;
  unsigned launch_failures = 0;  // in a row
  std::optional<Pick> reserved;  // a last attempt that waits for a fresh worker in this slot
};

// "612.3 MiB".
std::string mebibytes(std::uint64_t bytes);

// The live worker of a slot, or null.
Worker* live_worker(Slot& slot);
const Worker* live_worker(const Slot& slot);

// Whether the world in front is the one that the worker was signalled for. A world that began after
// it (a signal takes its time) is innocent.
bool charges_front(const Dying& dying);

// Whether the worker is signalled because joust itself had stopped it (--chaos).
bool is_injury(const Dying& dying);
inline constexpr const char* kInjuredByStop = "injured by --chaos (SIGSTOP)";
inline constexpr const char* kInjuredByKill = "injured by --chaos (SIGKILL)";

// The slot's armed deadline, or kNever.
TimePoint deadline_of(const Slot& slot);

// Moves every stored time of the slot by `gap`: the supervisor slept, and nobody else is to blame.
void shift_times(Slot& slot, Duration gap);

}  // namespace joust::core
