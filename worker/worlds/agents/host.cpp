#include "worker/worlds/agents/host.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "worker/worlds/agents/hosted_agent.hpp"
#include "worker/worlds/agents/messages.hpp"
#include "worker/worlds/prisoners_dilemma/remote_player.hpp"
#include "worker/worlds/program/line_channel.hpp"
#include "worker/worlds/scml/remote_agent.hpp"

namespace joust::worlds::agents {
namespace {

using Json = nlohmann::json;
using program::LineChannel;

constexpr int kReadFrom = 3;
constexpr int kWriteTo = 4;
constexpr std::size_t kLongestMessage = 64 << 20;

std::unique_ptr<HostedAgent> make_scml_agent(const Json& setup,
                                             std::vector<scml::AgentType> types) {
  const Json& competitor = setup.at("competitor");
  return scml::make_hosted_agent(std::move(types), competitor.at("type").get<std::string>(),
                                 competitor.at("parameters").dump());
}

std::unique_ptr<HostedAgent> make_built_in_agent(const Json& setup) {
  const auto world = setup.at("world").get<std::string>();
  if (world == "prisoners-dilemma") {
    return prisoners_dilemma::make_hosted_player(
        setup.at("competitor").at("type").get<std::string>());
  }
  if (world == "scml-oneshot") {
    return make_scml_agent(setup, scml::agent_types(scml::Game::oneshot));
  }
  if (world == "scml-std") {
    return make_scml_agent(setup, scml::agent_types(scml::Game::standard));
  }
  throw std::runtime_error(fmt::format("the world {} has no agents to host", world));
}

std::string error_line(std::uint64_t n, const char* text) {
  const std::string json = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return request_line("error", n, ",\"text\":" + json);
}

// What a library's agent says of its own failure is an answer; the next world may go better.
std::string answer_line(HostedAgent& agent, const std::string& type, std::uint64_t n,
                        std::string_view message) {
  try {
    return request_line("answer", n, agent.answer(type, message));
  } catch (const CompetitorFault& fault) {
    return error_line(n, fault.what());
  } catch (const SetupError& error) {
    return error_line(n, error.what());
  }
}

// `make`: of the message `setup`.
int play(const std::function<std::unique_ptr<HostedAgent>(const Json&)>& make) {
  ::prctl(PR_SET_NAME, "joust-agent");
  LineChannel lines(kReadFrom, kWriteTo, -1, kLongestMessage);
  if (lines.read() != LineChannel::Outcome::line) return 0;
  const std::unique_ptr<HostedAgent> agent = make(Json::parse(lines.line()));
  lines.write("{\"type\":\"ready\",\"protocol\":1}\n");
  while (lines.read() == LineChannel::Outcome::line) {
    const Json message = Json::parse(lines.line());
    const auto type = message.at("type").get<std::string>();
    if (type == "shutdown") break;
    if (!message.contains("n")) continue;
    if (!lines.write(answer_line(*agent, type, message.at("n"), lines.line()))) break;
  }
  return 0;
}

}  // namespace

int host() { return play(make_built_in_agent); }

int host(const std::string& library, scml::LoadAgentTypes load) {
  return play([&](const Json& setup) { return make_scml_agent(setup, load(library)); });
}

}  // namespace joust::worlds::agents
