#pragma once
// One process that plays a competitor: its start, its calls with their deadline, its end. Not
// thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/world.hpp"
#include "worker/worlds/program/child_process.hpp"
#include "worker/worlds/program/line_channel.hpp"

namespace joust::worlds::agents {

// What an agent did wrong, in words for people, which may have several lines.
struct AgentFailure : std::runtime_error {
  AgentFailure(const std::string& text, bool may_stay)
      : std::runtime_error(text), process_is_usable(may_stay) {}
  bool process_is_usable;  // it only said that it failed
};

class AgentProcess {
 public:
  // Starts the competitor's program and waits until it is ready, `left` of its time for this world
  // at most. `parameters` are the world's, as JSON. Throws AgentFailure; WorldFailure where the
  // agent is not to blame.
  AgentProcess(const WorldSetup& setup, const Competitor& competitor, std::string_view parameters,
               Duration left);
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;
  // Kills it, where it still lives.
  ~AgentProcess() = default;

  // The next call begins a world. What it is numbered by must differ from world to world: what the
  // agent still says of the world before is then no answer.
  void begin_world(std::uint64_t seed);

  // Sends one message and waits for its answer, together no longer than the move deadline and what
  // is `left` of its time. The answer's line is valid until the next call. Throws AgentFailure.
  std::string_view call(std::string_view type, std::string_view members, Duration left);

  // Tells it that the world is over. False: it did not read that, and cannot be used again.
  bool end_world();

  // Asks it to end; the destructor may follow at once, or wait_for_end() before.
  void ask_to_end();
  void wait_for_end(Duration at_most);

 private:
  program::LineChannel::Outcome exchange(std::string_view line, Duration deadline);
  void fail_if_it_stays_stopped(bool& was_stopped) const;
  void wait_until_ready(const std::string& setup_line, Duration left);
  [[noreturn]] void fail_without_time() const;
  [[noreturn]] void fail_as_it_ended(const char* before);

  const AgentSetup& setup_;
  program::ChildProcess process_;
  program::LineChannel lines_;
  std::uint64_t calls_ = 0;  // the number of the last one
};

}  // namespace joust::worlds::agents
