#include "worker/worlds/agents/messages.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/parameter_json.hpp"

namespace joust::worlds::agents {
namespace {

using Json = nlohmann::json;

constexpr int kProtocol = 1;

// A parameter may hold any bytes; what is no UTF-8 cannot be told in JSON.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json parse_message(std::string_view line) {
  Json message = Json::parse(line, nullptr, false);
  if (message.is_discarded()) reject("no JSON", line);
  if (!message.is_object()) reject("no JSON object", line);
  return message;
}

std::string text_of(const Json& message, const char* key) {
  const auto value = message.find(key);
  return value != message.end() && value->is_string() ? value->get<std::string>() : "";
}

std::string error_text(const Json& message) {
  std::string text = text_of(message, "text");
  return text.empty() ? "an error without a text" : text;
}

}  // namespace

void reject(const std::string& text, std::string_view line) {
  constexpr std::size_t kShown = 200;
  throw BadAnswer(
      fmt::format("{}: {}{}", text, line.substr(0, kShown), line.size() > kShown ? "..." : ""));
}

std::string parameters_json(const Parameters& parameters, std::string_view left_out) {
  Json json = Json::object();
  for (const auto& [name, value] : parameters.values()) {
    if (name != left_out) json[name] = to_json(value);
  }
  return dump(json);
}

Parameters parse_parameters(std::string_view json, const std::vector<ParameterInfo>& declared) {
  const Json values = Json::parse(json);
  Parameters parameters;
  for (const ParameterInfo& info : declared) {
    parameters.set(info.name, from_json(info.kind, values.at(info.name)));
  }
  return parameters;
}

std::string setup_line(const WorldSetup& setup, const Competitor& competitor,
                       std::string_view parameters) {
  const Json names = {{"name", competitor.name}, {"type", competitor.type}};
  const double seconds = std::chrono::duration<double>(competitor.agent.move_deadline).count();
  return fmt::format(
      R"({{"type":"setup","protocol":{},"world":"{}","parameters":{},"competitor":{{"name":{},)"
      R"("type":{},"parameters":{}}},"move_deadline":{}}})"
      "\n",
      kProtocol, setup.world, parameters, dump(names["name"]), dump(names["type"]),
      parameters_json(competitor.parameters), seconds);
}

std::string seed_members(std::uint64_t seed) {
  constexpr int kBeyondPortable = 11;  // bits that not every language's JSON can read
  return fmt::format(R"(,"seed":{},"seed64":"{}")", seed >> kBeyondPortable, seed);
}

std::string request_line(std::string_view type, std::uint64_t n, std::string_view members) {
  return fmt::format("{{\"type\":\"{}\",\"n\":{}{}}}\n", type, n, members);
}

std::string_view end_line() { return "{\"type\":\"end\"}\n"; }

std::string_view shutdown_line() { return "{\"type\":\"shutdown\"}\n"; }

void read_ready(std::string_view line) {
  const Json message = parse_message(line);
  const std::string type = text_of(message, "type");
  if (type == "error") throw BadAnswer("it cannot play: " + error_text(message));
  if (type != "ready") reject("the first message must be 'ready'", line);
  const auto protocol = message.find("protocol");
  if (protocol == message.end() || *protocol != kProtocol) {
    reject(fmt::format("it does not speak protocol {}", kProtocol), line);
  }
}

std::optional<std::string> read_error(std::string_view line, std::uint64_t n) {
  const Json message = parse_message(line);
  const std::string type = text_of(message, "type");
  if (type != "answer" && type != "error") reject("neither an answer nor an error", line);
  const auto number = message.find("n");
  if (number == message.end() || *number != n) {
    reject(fmt::format("it must answer the message with n = {}", n), line);
  }
  if (type == "answer") return std::nullopt;
  return error_text(message);
}

}  // namespace joust::worlds::agents
