#pragma once
// One supervisor in fake time: it turns, carries out what the core decides, and every step of it is
// checked against what really happened. A broken promise throws BrokenPromise.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "runner/core/pool.hpp"
#include "sim_journal.hpp"
#include "sim_process.hpp"
#include "sim_scenario.hpp"
#include "sim_trace.hpp"

namespace joust::sim {

struct BrokenPromise : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Session {
 public:
  Session(const Scenario& scenario, unsigned number, TimePoint now, Journal& journal, Trace& trace);

  // Plays until the pool says that it is over; nothing: the supervisor was killed on the way.
  std::optional<core::Finish> play();

  TimePoint now() const { return now_; }

 private:
  // A process, and what the supervisor has been told about it.
  struct Known {
    Process process;
    bool ready = false;      // it was reported ready
    bool signalled = false;  // it was killed, or asked to end
    bool asked_to_stop = false;
    bool abandoned = false;
    bool ring_broken = false;  // its messages made no sense and are not read any more
    std::deque<core::Give> leases;
    LeaseOrdinal given = 0;
    unsigned ends_recorded = 0;
    bool solo = false;  // it was started as the only one
    bool killed_for_memory = false;
  };

  void wait();
  void advance_world();
  bool something_to_do() const;
  void turn();
  void hear_of_journal();
  void hear_of_user();
  void hear_of_workers();
  void hear_of_late_inspections();
  void plan_user();
  void oversleep();
  void sample();
  void read_messages(Known& known);
  void read(Known& known, const Message& message);
  void strike(TaskIndex task, std::uint32_t seat);
  void hear_claim(Known& known, const core::ResultClaim& claim);
  void bury(Known& known);
  void tell(const core::Event& event);
  void carry_out();

  // what the core asks for
  void perform(const core::Spawn& action);
  void perform(const core::Give& action);
  void perform(const core::AskToStop& action);
  void perform(const core::Inspect& action);
  void perform(const core::LookAtMemory& action);
  void perform(const core::TellMemory& action);
  void perform(const core::TakeStacks& action);
  void perform(const core::Terminate& action);
  void perform(const core::Kill& action);
  void perform(const core::Abandon& action);
  void perform(const core::RecordFailure& action);
  void perform(const core::RecordQuarantine& action);
  void perform(const core::TellDisqualified& action);
  void perform(const core::RecordWorkerEnd& action);
  void perform(const core::Finish& action);

  // checks
  void require(bool promise, std::string_view otherwise) const;
  void check_burial(Known& gone);
  void check_lease(const Known& known, const core::Give& action) const;
  void check_blame(const Known& known, const core::RecordFailure& action) const;
  void forget_leases(Known& known);
  void check_memory_kill(const Known& known) const;
  std::uint64_t memory_taken() const;
  void check_turn();
  void check_end();
  Known& known(const core::WorkerId& id, const char* what);
  Known* find(const core::WorkerId& id);
  std::size_t living() const;

  const Scenario* scenario_;
  unsigned number_;
  Random random_;
  Journal* journal_;
  Trace* trace_;
  TimePoint now_;
  TimePoint began_;
  core::Pool pool_;
  core::Actions actions_;
  Batch batch_;

  std::vector<Known> processes_;  // that may still do something
  std::set<TaskIndex> accepted_;
  std::set<TaskIndex> leased_;
  std::vector<core::WorkerId> late_inspections_;
  std::vector<core::WorkerId> late_stacks_;
  std::uint64_t done_before_;
  std::set<TaskIndex> starved_;               // whose last failure was for want of memory
  std::optional<Disqualification> rule_;      // with the strikes that the pool knows
  std::map<TaskIndex, std::uint32_t> named_;  // seats, by failures of all sessions
  TimePoint drain_at_ = kNever;
  TimePoint stop_at_ = kNever;
  TimePoint kill_at_ = kNever;
  TimePoint all_slept_at_{};  // the end of the last sleep of everybody
  std::optional<core::Finish> finish_;
  std::uint64_t turns_ = 0;
};

}  // namespace joust::sim
