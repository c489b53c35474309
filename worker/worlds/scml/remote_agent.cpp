#include "worker/worlds/scml/remote_agent.hpp"

#include <fmt/format.h>

#include "worker/worlds/agents/messages.hpp"
#include "worker/worlds/scml/agent_messages.hpp"

namespace joust::worlds::scml {
namespace {

agents::Moment today(const Desk& desk) {
  return {"day", static_cast<std::uint64_t>(desk.terms.day) + 1};
}

class HostedScmlAgent : public agents::HostedAgent {
 public:
  HostedScmlAgent(AgentType type, Parameters parameters)
      : type_(std::move(type)), parameters_(std::move(parameters)) {}

  std::string answer(std::string_view type, std::string_view message) override {
    if (type == "begin") return begin(message);
    if (type == "act") return act(message);
    if (type == "begin_day") {
      desk_ = read_begin_day(message);
      agent_->begin_day(desk_);
    }
    if (type == "agreement") {
      const Agreement agreement = read_agreement(message);
      update(agreement.agreed);
      agent_->on_agreement(desk_, agreement.partner, agreement.selling, agreement.offer);
    }
    return {};
  }

 private:
  std::string begin(std::string_view message) {
    agent_ = type_.make(parameters_, read_begin(message));
    return fmt::format(",\"synchronous\":{}", agent_->synchronous());
  }

  std::string act(std::string_view message) {
    const Request request = read_act(message);
    update(request.agreed);
    std::vector<Reply> replies(request.talks.size(), Reply::end());
    agent_->act(desk_, request.talks, replies);
    return replies_members(replies);
  }

  void update(const Agreed& agreed) {
    desk_.supplies = agreed.supplies;
    desk_.sales = agreed.sales;
    desk_.future_supplies = agreed.future_supplies;
    desk_.future_sales = agreed.future_sales;
  }

  AgentType type_;
  Parameters parameters_;
  std::unique_ptr<Agent> agent_;  // of this world
  Desk desk_;
};

}  // namespace

RemoteAgent::RemoteAgent(agents::AgentPool& pool, const agents::AgentSession::Place& place,
                         const AgentSetting& setting, OnAnswer on_answer)
    : session_(pool, place, begin_members(setting)), on_answer_(std::move(on_answer)) {
  if (session_.has_failed()) return;
  try {
    synchronous_ = read_synchronous(session_.begin_answer());
  } catch (const agents::BadAnswer& error) {
    session_.break_off({"begin"}, error.what());
  }
}

std::optional<std::string_view> RemoteAgent::ask(std::string_view type, const std::string& members,
                                                 const Desk& desk) {
  const auto answer = session_.call(type, members, today(desk));
  if (answer) on_answer_(desk.terms.day);
  return answer;
}

void RemoteAgent::begin_day(const Desk& desk) {
  if (!session_.has_failed()) ask("begin_day", begin_day_members(desk), desk);
}

void RemoteAgent::act(const Desk& desk, std::span<const Talk> talks, std::span<Reply> replies) {
  if (session_.has_failed()) return;
  const auto answer = ask("act", act_members(desk, talks), desk);
  if (!answer) return;
  try {
    read_replies(*answer, replies);
  } catch (const agents::BadAnswer& error) {
    session_.break_off(today(desk), error.what());
    for (Reply& reply : replies) reply = Reply::end();
  }
}

void RemoteAgent::on_agreement(const Desk& desk, int partner, bool selling, const Offer& offer) {
  if (session_.has_failed()) return;
  ask("agreement", agreement_members(desk, partner, selling, offer), desk);
}

std::unique_ptr<agents::HostedAgent> make_hosted_agent(std::vector<AgentType> types,
                                                       std::string_view type,
                                                       std::string_view parameters) {
  for (AgentType& each : types) {
    if (each.declared.name != type) continue;
    Parameters values = agents::parse_parameters(parameters, each.declared.parameters);
    return std::make_unique<HostedScmlAgent>(std::move(each), std::move(values));
  }
  throw SetupError(fmt::format("there is no agent type '{}'", type));
}

}  // namespace joust::worlds::scml
