#include "common/world_description.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/parameter_json.hpp"

namespace joust {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "joust world 1";
constexpr std::string_view kAgentsFormat = "joust agents 1";

ParameterKind kind_of(const Json& json) {
  const auto number = json.get<unsigned>();
  if (number > static_cast<unsigned>(ParameterKind::json)) {
    throw std::runtime_error(fmt::format("unknown kind of parameter: {}", number));
  }
  return static_cast<ParameterKind>(number);
}

Json encode_parameters(const std::vector<ParameterInfo>& parameters) {
  Json list = Json::array();
  for (const ParameterInfo& info : parameters) {
    list.push_back({{"name", info.name},
                    {"kind", static_cast<unsigned>(info.kind)},
                    {"default", to_json(info.default_value)},
                    {"unit", info.unit},
                    {"summary", info.summary},
                    {"minimum", info.minimum},
                    {"maximum", info.maximum},
                    {"choices", info.choices}});
  }
  return list;
}

std::vector<ParameterInfo> decode_parameters(const Json& json) {
  std::vector<ParameterInfo> parameters;
  for (const Json& each : json) {
    ParameterInfo info;
    info.name = each.at("name");
    info.kind = kind_of(each.at("kind"));
    info.default_value = from_json(info.kind, each.at("default"));
    info.unit = each.at("unit");
    info.summary = each.at("summary");
    info.minimum = each.at("minimum");
    info.maximum = each.at("maximum");
    info.choices = each.at("choices").get<std::vector<std::string>>();
    parameters.push_back(std::move(info));
  }
  return parameters;
}

Json encode_types(const std::vector<CompetitorType>& types) {
  Json list = Json::array();
  for (const CompetitorType& type : types) {
    list.push_back({{"name", type.name},
                    {"summary", type.summary},
                    {"parameters", encode_parameters(type.parameters)}});
  }
  return list;
}

std::vector<CompetitorType> decode_types(const Json& json) {
  std::vector<CompetitorType> types;
  for (const Json& each : json) {
    types.push_back(
        {each.at("name"), each.at("summary"), decode_parameters(each.at("parameters"))});
  }
  return types;
}

void require_format(const Json& json, std::string_view format) {
  if (json.at("format") != format) throw std::runtime_error("it is of another format");
}

WorldType type_of(const Json& json) {
  require_format(json, kFormat);
  WorldType type;
  type.name = json.at("name");
  type.summary = json.at("summary");
  type.min_seats = json.at("min_seats");
  type.max_seats = json.at("max_seats");
  type.default_seats = json.at("default_seats");
  type.parameters = decode_parameters(json.at("parameters"));
  type.competitor_types = decode_types(json.at("competitor_types"));
  return type;
}

std::string text_of(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::type_error&) {
    throw std::runtime_error("a text of its declaration is not UTF-8");
  }
}

}  // namespace

std::string encode_world_type(const WorldType& type) {
  const Json json = {{"format", kFormat},
                     {"name", type.name},
                     {"summary", type.summary},
                     {"min_seats", type.min_seats},
                     {"max_seats", type.max_seats},
                     {"default_seats", type.default_seats},
                     {"parameters", encode_parameters(type.parameters)},
                     {"competitor_types", encode_types(type.competitor_types)}};
  return text_of(json);
}

WorldType decode_world_type(std::string_view text) {
  try {
    return type_of(Json::parse(text));
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("the declaration of a world can not be read: {}", error.what()));
  }
}

std::string encode_agent_types(const std::vector<CompetitorType>& types) {
  return text_of({{"format", kAgentsFormat}, {"types", encode_types(types)}});
}

std::vector<CompetitorType> decode_agent_types(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    require_format(json, kAgentsFormat);
    return decode_types(json.at("types"));
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("the declaration of agents can not be read: {}", error.what()));
  }
}

bool describes_agents(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_object() && json.value("format", "") == kAgentsFormat;
}

}  // namespace joust
