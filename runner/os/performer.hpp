#pragma once
// Carries out what the core decided. Adds nothing of its own.

#include "runner/os/loop_state.hpp"

namespace joust::os {

class Performer {
 public:
  // REQUIRES: `state` outlives the performer.
  explicit Performer(LoopState& state) : state_(state) {}

  // Carries out the actions until none is left; some bring new ones about at once.
  void act();

  // The action that ended the run; valid once the pool is finished.
  const core::Finish& finish() const { return finish_; }

 private:
  void perform(const core::Spawn& action);
  void perform(const core::Give& action);
  void perform(const core::AskToStop& action);
  void perform(const core::Inspect& action);
  void perform(const core::LookAtMemory& action);
  void perform(const core::TellMemory& action);
  void perform(const core::TakeStacks& action);
  void perform(const core::Terminate& action);
  void perform(const core::Kill& action);
  void perform(const core::Abandon& action) { state_.crew.abandon(action.worker); }
  void perform(const core::RecordFailure& action);
  void perform(const core::RecordQuarantine& action);
  void perform(const core::TellDisqualified& action);
  void perform(const core::RecordWorkerEnd& action);
  void perform(const core::Finish& action) { finish_ = action; }

  LoopState& state_;
  core::Finish finish_;
};

}  // namespace joust::os
