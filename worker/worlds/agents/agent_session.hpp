#pragma once
// An isolated competitor in one world. Once it has failed it is asked nothing more.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "worker/worlds/agents/agent_pool.hpp"

namespace joust::worlds::agents {

// Where a world stands, for the reason of a failure: {"round", 12} is "round 12", {"begin"}
// "begin".
struct Moment {
  std::string_view unit;
  std::uint64_t number = 0;  // counted from 1
};

class AgentSession {
 public:
  struct Place {
    std::uint32_t competitor = 0;
    std::uint32_t seat = 0;
    std::uint64_t seed = 0;  // of the agent's stream of random numbers
  };

  // Begins a world: `members` are what the world adds to the message, each after a comma. The pool
  // must outlive the session. Throws CompetitorFault where a failure voids the world (and so do the
  // functions below); WorldFailure where no process can be started for reasons of the machine.
  AgentSession(AgentPool& pool, const Place& place, std::string_view members);
  AgentSession(const AgentSession&) = delete;
  AgentSession& operator=(const AgentSession&) = delete;
  // Tells the agent that the world is over.
  ~AgentSession();

  // The line that answered `begin`; empty once the agent has failed.
  const std::string& begin_answer() const { return begin_answer_; }

  // Asks for something. The answer's line is valid until the next call; nothing: the agent has
  // failed, now or before.
  std::optional<std::string_view> call(std::string_view type, std::string_view members,
                                       Moment moment);

  // What it answered last breaks the world's rules.
  void break_off(Moment moment, const std::string& text);

  bool has_failed() const { return !failure_.empty(); }
  // When and why, in one line; empty: it has not failed.
  const std::string& failure() const { return failure_; }

 private:
  // Takes the time that it lives from what the agent has left.
  class Clock;

  std::string_view ask(std::string_view type, std::string_view members);
  void start();
  void begin(const std::string& members);
  void fail(Moment moment, const std::string& text);
  void release();

  AgentPool& pool_;
  Place place_;
  std::unique_ptr<AgentProcess> process_;  // null once it must not be used again
  Duration left_;                          // of its time for this world
  std::string begin_answer_;
  std::string failure_;
};

}  // namespace joust::worlds::agents
