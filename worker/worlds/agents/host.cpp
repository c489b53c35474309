#include "worker/worlds/agents/host.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

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

std::unique_ptr<HostedAgent> make_agent(const Json& setup) {
  const auto world = setup.at("world").get<std::string>();
  const Json& competitor = setup.at("competitor");
  const auto type = competitor.at("type").get<std::string>();
  if (world == "prisoners-dilemma") return prisoners_dilemma::make_hosted_player(type);
  if (world == "scml-oneshot" || world == "scml-std") {
    return scml::make_hosted_agent(type, competitor.at("parameters").dump());
  }
  throw std::runtime_error(fmt::format("the world {} has no agents to host", world));
}

}  // namespace

int host() {
  ::prctl(PR_SET_NAME, "joust-agent");
  LineChannel lines(kReadFrom, kWriteTo, -1, kLongestMessage);
  if (lines.read() != LineChannel::Outcome::line) return 0;
  const std::unique_ptr<HostedAgent> agent = make_agent(Json::parse(lines.line()));
  lines.write("{\"type\":\"ready\",\"protocol\":1}\n");
  while (lines.read() == LineChannel::Outcome::line) {
    const Json message = Json::parse(lines.line());
    const auto type = message.at("type").get<std::string>();
    if (type == "shutdown") break;
    if (!message.contains("n")) continue;
    const std::string members = agent->answer(type, lines.line());
    if (!lines.write(request_line("answer", message.at("n"), members))) break;
  }
  return 0;
}

}  // namespace joust::worlds::agents
