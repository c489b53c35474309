#include "worker/worlds/command/persistent_world.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <utility>

#include "common/text.hpp"
#include "worker/worlds/program/program_environment.hpp"

namespace joust::worlds::command {
namespace {

constexpr Duration kGrace = std::chrono::seconds(1);  // from being asked to end to being killed
constexpr Duration kLookAtMemory = std::chrono::milliseconds(20);  // a look takes 10 us
constexpr int kMostLateLines = 10'000;                             // of progress, after its world

}  // namespace

PersistentWorld::Program::Program(const CommandSetup& setup)
    : process(setup, setup.command, program::program_environment(setup), program::Pipes::messages),
      lines(process.read_fd(), process.write_fd(), process.pidfd(), setup.max_message),
      looked_at(Clock::now()) {}

void PersistentWorld::start() {
  ::signal(SIGPIPE, SIG_IGN);  // the program may close its pipe at any time
  program_ = std::make_unique<Program>(setup_.command);
  const std::string& name = setup_.command.command.front();
  program_->lines.write(setup_line(setup_));  // one that does not read it is not ready below
  switch (program_->lines.read(setup_.command.start_timeout)) {
    case program::LineChannel::Outcome::line:
      break;
    case program::LineChannel::Outcome::late:
      fail(Cause::launch_failed, fmt::format("'{}' was not ready within {}", name,
                                             format_duration(setup_.command.start_timeout)));
    case program::LineChannel::Outcome::too_long:
      fail(Cause::launch_failed, fmt::format("'{}' did not begin with 'ready'", name));
    case program::LineChannel::Outcome::closed: {
      const auto end = program_->process.wait(kGrace);
      fail(Cause::launch_failed,
           fmt::format("'{}' was not ready: {}", name,
                       end ? describe(*end) : "it closed the pipe that it should answer on"));
    }
  }
  try {
    read_ready(program_->lines.line());
  } catch (const BadMessage& error) {
    fail(Cause::launch_failed, error.what());
  }
}

PersistentWorld::~PersistentWorld() {
  if (program_ != nullptr) dismiss();
  if (leaving_) leaving_->program->process.wait(kGrace);
}

void PersistentWorld::prepare() {
  see_off();
  if (program_ != nullptr && !is_idle()) program_.reset();
  if (program_ != nullptr && is_due_for_recycling()) dismiss();
  if (program_ == nullptr) start();
}

// Whether the program lives and waits. Progress of the world before may come late; an answer that
// nobody asked for would be taken for the next world's.
bool PersistentWorld::is_idle() {
  for (int late = 0; late < kMostLateLines; ++late) {
    const program::LineChannel::Outcome outcome = program_->lines.read(Duration::zero());
    if (outcome == program::LineChannel::Outcome::late) return true;
    if (outcome != program::LineChannel::Outcome::line || !is_progress(program_->lines.line()))
      return false;
  }
  return false;
}

WorldResult PersistentWorld::play(const WorldTask& task, WorldContext& context) {
  if (program_ == nullptr) start();
  send(task, context.attempt());
  return wait_for_result(task, context);
}

void PersistentWorld::send(const WorldTask& task, AttemptNumber attempt) {
  const std::string line = play_line(task, attempt);
  if (program_->lines.write(line)) return;
  program_.reset();  // it ended before this world began
  start();
  if (!program_->lines.write(line)) fail_as_it_ended();
}

WorldResult PersistentWorld::wait_for_result(const WorldTask& task, WorldContext& context) {
  for (;;) {
    Answer answer = next_answer(task);
    if (const auto* progress = std::get_if<Progress>(&answer)) {
      context.progress(progress->step, progress->of);
      continue;
    }
    if (const auto* other = std::get_if<OtherTask>(&answer)) {
      pass_over(*other, task);
      continue;
    }
    ++program_->played;
    program_->answered = task.index;
    if (auto* result = std::get_if<WorldResult>(&answer)) return std::move(*result);
    const auto& failure = std::get<Failure>(answer);
    if (failure.seat) throw CompetitorFault(*failure.seat, failure.text);
    throw WorldFailure(Cause::world_error, failure.text);
  }
}

// A second answer to the world before may come when the next one has begun, which is not to blame.
void PersistentWorld::pass_over(const OtherTask& other, const WorldTask& task) {
  if (program_->answered == other.task) return;
  fail(Cause::protocol_violation,
       fmt::format("it answers task {}; task {} is being played", other.task, task.index));
}

Answer PersistentWorld::next_answer(const WorldTask& task) {
  const program::LineChannel::Outcome outcome = program_->lines.read();
  if (outcome == program::LineChannel::Outcome::closed) fail_as_it_ended();
  if (outcome == program::LineChannel::Outcome::too_long) {
    fail(Cause::result_too_large,
         fmt::format("a message has more than {} bytes ([workers] max_result)",
                     setup_.command.max_message));
  }
  try {
    return read_answer(program_->lines.line(), setup_, task);
  } catch (const BadMessage& error) {
    fail(Cause::protocol_violation, error.what());
  }
}

// It closed its pipe: most often because it has ended, which the kernel tells a moment later.
void PersistentWorld::fail_as_it_ended() {
  const auto end = program_->process.wait(kGrace);
  if (!end) {
    fail(Cause::protocol_violation, "the program closed its pipe and lives on");
  }
  fail(end->by_signal ? Cause::crashed : Cause::exited,
       "the program ended while it played: " + describe(*end));
}

void PersistentWorld::fail(Cause cause, const std::string& text) {
  program_.reset();
  throw WorldFailure(cause, text);
}

bool PersistentWorld::is_due_for_recycling() {
  const CommandSetup& limits = setup_.command;
  if (limits.max_worlds_per_process != 0 && program_->played >= limits.max_worlds_per_process) {
    return true;
  }
  if (limits.memory_limit == 0 || program_->played == 0) return false;
  const auto now = Clock::now();
  if (now - program_->looked_at < kLookAtMemory) return false;
  program_->looked_at = now;
  return program::resident_bytes(program_->process.pid()) > limits.memory_limit;
}

// Asks the program to end. It does so while the next one starts.
void PersistentWorld::dismiss() {
  if (leaving_) leaving_->program->process.wait(leaving_->until - Clock::now());
  leaving_.reset();
  program_->lines.write(shutdown_line());
  program_->process.close_pipes();
  leaving_ = Leaving{std::exchange(program_, nullptr), Clock::now() + kGrace};
}

// Lets go of the one that was asked to end: at once when it has ended, at the latest by force.
void PersistentWorld::see_off() {
  if (!leaving_) return;
  const bool has_ended = leaving_->program->process.wait(Duration::zero()).has_value();
  if (has_ended || Clock::now() >= leaving_->until) leaving_.reset();
}

}  // namespace joust::worlds::command
