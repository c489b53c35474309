#pragma once
// A world that is played by a program which stays and plays many: it speaks the protocol of
// README.md. When it ends, breaks the rules or is recycled, the next world starts a new one.

#include <chrono>
#include <optional>

#include "common/world.hpp"
#include "worker/worlds/command/messages.hpp"
#include "worker/worlds/program/child_process.hpp"
#include "worker/worlds/program/line_channel.hpp"

namespace joust::worlds::command {

class PersistentWorld : public World {
 public:
  // The setup must outlive it.
  explicit PersistentWorld(const WorldSetup& setup) : setup_(setup) {}
  PersistentWorld(const PersistentWorld&) = delete;
  PersistentWorld& operator=(const PersistentWorld&) = delete;
  // Asks the program to end, and waits a moment for it.
  ~PersistentWorld() override;

  // Sees to it that there is a program that waits for a world: one that has ended, is due for
  // recycling or said something that nobody asked for is replaced.
  void prepare() override;
  WorldResult play(const WorldTask& task, WorldContext& context) override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Program {
    explicit Program(const CommandSetup& setup);
    program::ChildProcess process;
    program::LineChannel lines;
    std::uint64_t played = 0;
    std::optional<TaskIndex> answered;  // the last one
    Clock::time_point looked_at;        // at its memory
  };

  // One that was asked to end and has not yet.
  struct Leaving {
    std::unique_ptr<Program> program;
    Clock::time_point until;
  };

  void start();
  bool is_idle();
  void send(const WorldTask& task, AttemptNumber attempt);
  void see_off();
  void dismiss();
  bool is_due_for_recycling();
  WorldResult wait_for_result(const WorldTask& task, WorldContext& context);
  Answer next_answer(const WorldTask& task);
  void pass_over(const OtherTask& other, const WorldTask& task);
  // Ends the program and throws what its behaviour means.
  [[noreturn]] void fail(Cause cause, const std::string& text);
  [[noreturn]] void fail_as_it_ended();

  const WorldSetup& setup_;
  std::unique_ptr<Program> program_;
  std::optional<Leaving> leaving_;
};

}  // namespace joust::worlds::command
