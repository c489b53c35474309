#pragma once
// What the supervisor's core is told, and what it answers. Plain values: a story of events can be
// written down, replayed and shrunk in a test.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/cause.hpp"
#include "common/ids.hpp"
#include "common/time.hpp"

namespace joust::core {

struct WorkerId {
  SlotIndex slot = 0;
  Epoch epoch = 0;
  bool operator==(const WorkerId&) const = default;
};

// How a process ended, as the kernel reports it.
struct ProcessEnd {
  bool by_signal = false;
  int number = 0;          // the signal, or the exit code
  std::uint64_t peak = 0;  // bytes that it had in memory at most, what it shared included
};

// What /proc says a process is doing.
enum class ProcessState { running, sleeping, in_kernel, stopped, gone };

// --- events: the os tells the core ---------------------------------------------------------------

struct SpawnFailed {  // the process could not even be made
  WorkerId worker;
  std::string reason;
};
struct WorkerReady {
  WorkerId worker;
};
struct WorkerNotReady {  // it told why it can not play; it will exit
  WorkerId worker;
  std::string reason;
};
struct AttemptFailed {  // the worker says so itself (world_error, result_too_large), and lives on
  WorkerId worker;
  LeaseOrdinal ordinal = 0;
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  Cause cause = Cause::world_error;
  std::string detail;
  Duration played{0};
  std::optional<std::uint32_t> culprit = {};  // the seat that the evidence names
};
struct WorkerGone {  // the sentinel; its result ring has been drained before
  WorkerId worker;
  ProcessEnd end;
  LeaseOrdinal begun = 0;       // from its memory: the lease that began last
  std::string last_words = {};  // printed before it was ready; empty if it was, or said nothing
  bool starved = false;         // the kernel ended it because memory was short
};
struct ProtocolBroken {
  WorkerId worker;
  std::string what;
};
struct Sampled {  // a look at the worker's memory, each sampling period
  WorkerId worker;
  LeaseOrdinal begun = 0;
  std::uint32_t beats = 0;
};
struct Inspected {  // the answer to Inspect
  WorkerId worker;
  ProcessState state = ProcessState::sleeping;
  Duration cpu{0};  // processor time used since the process began
};
struct WorkerMemory {
  WorkerId worker;
  std::uint64_t bytes = 0;  // its own (nothing that is shared), and of all that it started
};
struct MemorySeen {  // the answer to LookAtMemory
  // Bytes that workers may still take; below 0: they have taken of what is to stay free.
  std::int64_t room = 0;
  bool critical = false;   // so little is left that nobody should wait for a world to end
  std::uint64_t most = 0;  // bytes that workers could have together, if nobody else had any
  bool stalls = false;     // the machine loses time waiting for memory
  std::vector<WorkerMemory> workers;
};
struct StacksTaken {  // the answer to TakeStacks, also when there was nothing to be had
  WorkerId worker;
};
struct Injured {  // joust itself hurt the worker, because the user asked for it (--chaos)
  WorkerId worker;
};
struct JournalStalled {  // results can not be taken because the journal is behind
  bool stalled = false;
};
struct Committed {  // totals since the session began
  std::uint64_t results = 0;
  std::uint64_t quarantines = 0;
};
struct JournalBroken {
  std::string reason;
  bool disk_full = false;
};
enum class StopLevel { none = 0, drain = 1, now = 2 };
struct StopAsked {
  StopLevel level = StopLevel::drain;
};

using Event = std::variant<SpawnFailed, WorkerReady, WorkerNotReady, AttemptFailed, WorkerGone,
                           ProtocolBroken, Sampled, Inspected, MemorySeen, StacksTaken, Injured,
                           JournalStalled, Committed, JournalBroken, StopAsked>;

// A finished world, as the worker claims it.
struct ResultClaim {
  WorkerId worker;
  LeaseOrdinal ordinal = 0;
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  Duration played{0};
  std::vector<std::uint32_t> forfeits = {};  // seats
};

// --- actions: the core tells the os
// ---------------------------------------------------------------

struct Spawn {
  WorkerId worker;
  bool solo = false;  // it will have the whole machine: no memory limit
};
struct Give {
  WorkerId worker;
  LeaseOrdinal ordinal = 0;
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
};
struct AskToStop {
  WorkerId worker;
};
struct Inspect {
  WorkerId worker;
};
struct LookAtMemory {};
struct TakeStacks {  // of all its threads, for the post-mortem of the attempt that it is to die for
  WorkerId worker;
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
};
struct Terminate {  // SIGTERM
  WorkerId worker;
  Cause cause = Cause::cancelled;
};
struct Kill {  // SIGKILL, with all its descendants
  WorkerId worker;
  Cause cause = Cause::cancelled;
};
struct Abandon {  // killed, but the kernel does not let it go: forget it, reap it if it ever ends
  WorkerId worker;
};
struct RecordFailure {
  WorkerId worker;
  TaskIndex task = 0;
  AttemptNumber attempt = 0;
  Cause cause = Cause::crashed;
  std::string detail;
  Duration played{0};
  LeaseOrdinal ordinal = 0;
  std::optional<std::uint32_t> culprit = {};  // a seat
};
struct RecordQuarantine {
  TaskIndex task = 0;
  Cause cause = Cause::crashed;
};
struct TellDisqualified {
  std::uint32_t competitor = 0;
  TaskIndex task = 0;  // the world of its last strike
};
// Fewer workers run than there are slots, because of memory. Told when that begins, and once more,
// with `running` equal to `slots`, when it is over.
struct TellMemory {
  std::uint32_t running = 0;
  std::uint32_t slots = 0;
  std::uint64_t expected = 0;  // bytes that a worker is expected to take
  std::int64_t room = 0;       // bytes that could still be had
};
struct RecordWorkerEnd {
  WorkerId worker;
  bool lost = false;
  Cause cause = Cause::crashed;  // when lost
  std::string detail;
};

enum class Outcome {
  finished,       // every task is done or quarantined
  interrupted,    // a signal asked for it
  deadline,       // the total deadline passed
  pool_broken,    // workers can not be started, or die without finishing anything
  journal_error,  // nothing more can be recorded
};
struct Finish {
  Outcome outcome = Outcome::finished;
  std::string reason;
};

using Action = std::variant<Spawn, Give, AskToStop, Inspect, LookAtMemory, TakeStacks, Terminate,
                            Kill, Abandon, RecordFailure, RecordQuarantine, TellDisqualified,
                            TellMemory, RecordWorkerEnd, Finish>;
using Actions = std::vector<Action>;

// "signal 11 (SIGSEGV)", "exit code 3".
std::string describe(const ProcessEnd& end);

}  // namespace joust::core
