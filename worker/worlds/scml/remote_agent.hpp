#pragma once
// An SCML agent in a process of its own, from both sides: what the simulation sees of it, and
// what plays a built-in type there. worker/worlds/agents/README.md has the messages.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "worker/worlds/agents/agent_session.hpp"
#include "worker/worlds/agents/hosted_agent.hpp"
#include "worker/worlds/scml/agents/agent_types.hpp"

namespace joust::worlds::scml {

// Once it has failed it ends each of its negotiations.
class RemoteAgent : public Agent {
 public:
  // Called with the day after each answer: a day of many slow ones is no standstill.
  using OnAnswer = std::function<void(int day)>;

  // As AgentSession.
  RemoteAgent(agents::AgentPool& pool, const agents::AgentSession::Place& place,
              const AgentSetting& setting, OnAnswer on_answer);

  bool synchronous() const override { return synchronous_; }
  void begin_day(const Desk& desk) override;
  void act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) override;
  void on_agreement(const Desk& desk, int partner, bool selling, const Offer& offer) override;

  bool has_failed() const { return session_.has_failed(); }
  const std::string& failure() const { return session_.failure(); }

 private:
  std::optional<std::string_view> ask(std::string_view type, const std::string& members,
                                      const Desk& desk);

  agents::AgentSession session_;
  OnAnswer on_answer_;
  bool synchronous_ = false;
};

// The type of that name, one of `types`, with the parameters of the message `setup`, as an agent in
// a process of its own. Throws where there is no such type.
std::unique_ptr<agents::HostedAgent> make_hosted_agent(std::vector<AgentType> types,
                                                       std::string_view type,
                                                       std::string_view parameters);

}  // namespace joust::worlds::scml
