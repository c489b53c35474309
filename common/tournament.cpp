#include "common/tournament.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace joust {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "joust brief 1 of " JOUST_VERSION;

// JSON strings must be UTF-8, but a parameter may hold any bytes (a file's content). So each byte
// travels as the character of that number.
std::string widen(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string narrow(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      bytes += text[i];
    } else {
      if (byte > 0xC3 || i + 1 == text.size())
        throw std::runtime_error("text is not widened bytes");
      const auto next = static_cast<unsigned char>(text[++i]);
      bytes += static_cast<char>(((byte & 0x03) << 6) | (next & 0x3F));
    }
  }
  return bytes;
}

struct ToJson {
  Json operator()(bool value) const { return value; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const { return value; }
  Json operator()(const std::string& value) const { return widen(value); }
  Json operator()(const std::vector<std::string>& values) const {
    Json list = Json::array();
    for (const std::string& value : values) list.push_back(widen(value));
    return list;
  }
  Json operator()(const JsonText& value) const { return widen(value.text); }
  template <class Range>
  Json operator()(const Range& range) const {
    return Json::array({range.low, range.high});
  }
};

Json encode_texts(const std::vector<std::string>& texts) { return ToJson{}(texts); }

std::vector<std::string> decode_texts(const Json& json) {
  std::vector<std::string> texts;
  for (const Json& text : json) texts.push_back(narrow(text.get_ref<const std::string&>()));
  return texts;
}

// [number of the variant's alternative, value]
Json encode_value(const ParameterValue& value) {
  return Json::array({value.index(), std::visit(ToJson{}, value)});
}

ParameterValue decode_value(const Json& json) {
  const Json& value = json.at(1);
  switch (json.at(0).get<std::size_t>()) {
    case 0:
      return value.get<bool>();
    case 1:
      return value.get<std::int64_t>();
    case 2:
      return value.get<double>();
    case 3:
      return narrow(value.get_ref<const std::string&>());
    case 4:
      return decode_texts(value);
    case 5:
      return IntegerRange{value.at(0).get<std::int64_t>(), value.at(1).get<std::int64_t>()};
    case 6:
      return RealRange{value.at(0).get<double>(), value.at(1).get<double>()};
    case 7:
      return JsonText{narrow(value.get_ref<const std::string&>())};
    default:
      throw std::runtime_error("unknown kind of value");
  }
}

Json encode_parameters(const Parameters& parameters) {
  Json json = Json::object();
  for (const auto& [name, value] : parameters.values()) json[name] = encode_value(value);
  return json;
}

Parameters decode_parameters(const Json& json) {
  Parameters parameters;
  for (const auto& [name, value] : json.items()) parameters.set(name, decode_value(value));
  return parameters;
}

Json encode_command(const CommandSetup& setup) {
  return {{"command", encode_texts(setup.command)},
          {"folder", widen(setup.folder)},
          {"environment", encode_texts(setup.environment)},
          {"env_allow", encode_texts(setup.env_allow)},
          {"one_shot", setup.one_shot},
          {"scores", widen(setup.scores)},
          {"score_regex", widen(setup.score_regex)},
          {"max_worlds", setup.max_worlds_per_process},
          {"memory_limit", setup.memory_limit},
          {"start_timeout", setup.start_timeout.count()},
          {"max_message", setup.max_message}};
}

CommandSetup decode_command(const Json& json) {
  CommandSetup setup;
  setup.command = decode_texts(json.at("command"));
  setup.folder = narrow(json.at("folder").get_ref<const std::string&>());
  setup.environment = decode_texts(json.at("environment"));
  setup.env_allow = decode_texts(json.at("env_allow"));
  setup.one_shot = json.at("one_shot");
  setup.scores = narrow(json.at("scores").get_ref<const std::string&>());
  setup.score_regex = narrow(json.at("score_regex").get_ref<const std::string&>());
  setup.max_worlds_per_process = json.at("max_worlds");
  setup.memory_limit = json.at("memory_limit");
  setup.start_timeout = Duration(json.at("start_timeout").get<Duration::rep>());
  setup.max_message = json.at("max_message");
  return setup;
}

// Of one that plays within the worker there is nothing to tell.
Json encode_agent(const AgentSetup& agent) {
  if (!agent.isolated) return nullptr;
  return {{"program", encode_command(agent.program)},
          {"move_deadline", agent.move_deadline.count()},
          {"time_budget", agent.time_budget.count()},
          {"forfeits", agent.on_failure == AgentSetup::OnFailure::forfeit}};
}

AgentSetup decode_agent(const Json& json) {
  AgentSetup agent;
  if (json.is_null()) return agent;
  agent.isolated = true;
  agent.program = decode_command(json.at("program"));
  agent.move_deadline = Duration(json.at("move_deadline").get<Duration::rep>());
  agent.time_budget = Duration(json.at("time_budget").get<Duration::rep>());
  agent.on_failure = json.at("forfeits").get<bool>() ? AgentSetup::OnFailure::forfeit
                                                     : AgentSetup::OnFailure::void_world;
  return agent;
}

WorkerBrief brief_from_json(const Json& json) {
  if (json.at("format") != kFormat) throw std::runtime_error("made by another version of joust");
  WorkerBrief brief;
  const Json& shape = json.at("shape");
  brief.shape = {shape.at(0), shape.at(1), shape.at(2), shape.at(3), shape.at(4)};
  brief.setup.world = narrow(json.at("world").get_ref<const std::string&>());
  brief.setup.seats = json.at("seats");
  brief.setup.threads = json.at("threads");
  brief.setup.command = decode_command(json.at("command"));
  brief.setup.plugin = narrow(json.at("plugin").get_ref<const std::string&>());
  for (const Json& resource : json.at("resources")) {
    const std::vector<std::string> texts = decode_texts(resource);
    brief.setup.resources.push_back({texts.at(0), texts.at(1)});
  }
  brief.setup.parameters = decode_parameters(json.at("parameters"));
  for (const Json& competitor : json.at("competitors")) {
    brief.setup.competitors.push_back({narrow(competitor.at(0).get_ref<const std::string&>()),
                                       narrow(competitor.at(1).get_ref<const std::string&>()),
                                       decode_parameters(competitor.at(2)),
                                       decode_agent(competitor.at(3)),
                                       narrow(competitor.at(4).get_ref<const std::string&>())});
  }
  return brief;
}

}  // namespace

std::string world_title(const WorldSetup& setup) {
  std::string title = setup.plugin.empty() ? setup.world : setup.world + " (plugin)";
  for (const std::string& word : setup.command.command) title += ' ' + word;
  return title;
}

std::string encode_brief(const WorkerBrief& brief) {
  const PlanShape& shape = brief.shape;
  Json competitors = Json::array();
  for (const Competitor& competitor : brief.setup.competitors) {
    competitors.push_back(Json::array({widen(competitor.name), widen(competitor.type),
                                       encode_parameters(competitor.parameters),
                                       encode_agent(competitor.agent), widen(competitor.plugin)}));
  }
  Json resources = Json::array();
  for (const ResourceFile& resource : brief.setup.resources) {
    resources.push_back(encode_texts({resource.name, resource.path}));
  }
  const Json json = {{"format", kFormat},
                     {"shape", Json::array({shape.competitors, shape.per_world, shape.configs,
                                            shape.runs, shape.seed})},
                     {"world", widen(brief.setup.world)},
                     {"seats", brief.setup.seats},
                     {"threads", brief.setup.threads},
                     {"command", encode_command(brief.setup.command)},
                     {"plugin", widen(brief.setup.plugin)},
                     {"resources", std::move(resources)},
                     {"parameters", encode_parameters(brief.setup.parameters)},
                     {"competitors", std::move(competitors)}};
  return json.dump();
}

WorkerBrief decode_brief(std::string_view text) {
  try {
    return brief_from_json(Json::parse(text));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("the worker's brief can not be read: {}", error.what()));
  }
}

std::string_view metric_name(Metric metric) {
  constexpr std::array<std::string_view, 7> kNames = {
      "mean", "median", "truncated_mean", "min", "max", "std", "sum"};
  return kNames[static_cast<std::size_t>(metric)];
}

}  // namespace joust
