#pragma once
// What goes wrong in one simulated tournament, as a function of its seed.

#include <cstdint>
#include <optional>
#include <set>

#include "common/cause.hpp"
#include "common/ids.hpp"
#include "common/plan.hpp"
#include "common/tournament.hpp"
#include "runner/core/events.hpp"

namespace joust::sim {

// What becomes of one attempt at a world.
enum class Fate {
  finish,
  crash,
  leave,          // exits with a code
  hang_silent,    // has never reported progress
  hang_spinning,  // the three below stop reporting it
  hang_blocked,
  hang_in_kernel,
  freeze,  // stopped, for good
  pause,   // stopped and continued in time
  starve,  // the host gives it no processor for a while
  dawdle,  // ends at about its deadline
  world_error,
  result_too_large,
  finish_then_die,  // the result is published, and the process gone at once
  claim_twice,
  claim_other_task,
  claim_other_lease,
  garbage,
};
inline constexpr int kFates = 18;

struct AttemptPlan {
  Fate fate = Fate::finish;
  Duration lasts{0};        // time on the processor until the fate comes true
  Duration stops_after{0};  // freeze, pause: when it is stopped
  Duration pause{0};
  Duration beat_period{0};  // 0: it never reports progress
  Duration quiet_from{0};   // no more reports from here on
};

// How a process behaves, whatever it plays.
enum class Start { ready, never_ready, exits, spawn_fails, cannot_build };
struct Temper {
  Start start = Start::ready;
  Duration start_delay{0};
  Duration own_death = Duration::max();  // after its start it dies by itself, whatever it does
  Duration kill_delay{0};                // how long the kernel takes to end it
  bool deaf = false;                     // does not stop when asked to
  int exit_code = 0;
};

struct Scenario {
  std::uint64_t seed = 0;
  bool healthy = false;
  PoolOptions options;
  std::uint64_t tasks = 0;
  Duration longest_world{0};
  std::uint64_t attempt_faults = 0;   // percent of attempts
  std::uint64_t poison = 0;           // percent of tasks: no attempt is good
  std::uint64_t worker_faults = 0;    // percent of processes
  std::uint64_t stubborn = 0;         // percent of processes that outlive SIGKILL for a while
  std::uint64_t oversleeps = 0;       // per mille of turns that come much too late
  std::uint64_t journal_trouble = 0;  // percent of sessions
  std::uint64_t user_stops = 0;       // percent of sessions
  std::uint64_t supervisor_kills = 0;
  std::uint32_t disqualify_after = 0;  // worlds lost to a competitor; 0: never
  std::uint64_t strikes = 0;           // percent of tasks that are lost to somebody
  // The machine's memory, in bytes; 0: nobody looks at it. What a world takes is in task_memory().
  std::uint64_t memory = 0;
  std::uint64_t big_tasks = 0;  // percent of tasks that take more than the limit, or than there is
  std::uint64_t leaks = 0;      // percent of what a world took that its worker keeps
  Duration commit_delay{0};
  std::set<TaskIndex> spared;  // every attempt of these is good
  unsigned calm_from = 8;      // sessions from this one on have no faults, so that a story ends
};

// Who sits in the tasks of all scenarios: pairs of four competitors, in more worlds than any
// scenario has.
const Plan& seating();

// The seat that fails in that task, if any: every result forfeits it, and world errors name it.
std::optional<std::uint32_t> struck_seat(const Scenario& scenario, TaskIndex task);

Scenario chaos(std::uint64_t seed);
// Nothing is wrong with any world or worker; but the supervisor sleeps, the whole job is stopped
// and continued, the journal is slow and people interrupt and resume.
Scenario healthy(std::uint64_t seed);

// Bytes.
inline constexpr std::uint64_t kIdleMemory = 10 << 20;
inline constexpr std::uint64_t kMostOfUsualTask = 100 << 20;
std::uint64_t task_memory(const Scenario& scenario, TaskIndex task);

AttemptPlan attempt_plan(const Scenario& scenario, TaskIndex task, AttemptNumber attempt);
Temper temper(const Scenario& scenario, unsigned session, const core::WorkerId& id);

// Whether a failure with this cause is what the fate must lead to.
bool fits(Fate fate, Cause cause);

}  // namespace joust::sim
