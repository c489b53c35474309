#include "runner/cli/worlds_command.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "common/world_description.hpp"
#include "runner/cli/exit_code.hpp"
#include "runner/spec/plugin_file.hpp"
#include "runner/spec/values.hpp"

namespace joust::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string seats_text(const WorldType& type) {
  if (type.min_seats == type.max_seats) {
    return fmt::format("{} per world", type.min_seats);
  }
  return fmt::format("{} to {} per world, {} by default", type.min_seats, type.max_seats,
                     type.default_seats);
}

void write_parameters(const std::vector<ParameterInfo>& parameters, std::string_view indent,
                      std::ostream& out) {
  for (const ParameterInfo& info : parameters) {
    const std::string unit = info.unit.empty() ? "" : fmt::format(" ({})", info.unit);
    fmt::print(out, "{}{}{}: {}\n", indent, info.name, unit, info.summary);
    fmt::print(out, "{}    {}; default {}\n", indent, spec::allowed_text(info),
               spec::default_text(info));
  }
}

void write_types(const std::vector<CompetitorType>& types, std::ostream& out) {
  for (const CompetitorType& type : types) {
    fmt::print(out, "  {}: {}\n", type.name, type.summary);
    write_parameters(type.parameters, "      ", out);
  }
}

void write_world(const WorldType& type, std::ostream& out) {
  fmt::print(out, "{}: {}\nCompetitors: {}\n", type.name, type.summary, seats_text(type));
  fmt::print(out, "\nParameters, for [world.parameters]:\n");
  write_parameters(type.parameters, "  ", out);
  if (type.parameters.empty()) fmt::print(out, "  none\n");
  fmt::print(out,
             "\nCompetitor types, for [[competitor]]; their own parameters go to "
             "[competitor.parameters]:\n");
  write_types(type.competitor_types, out);
  if (type.hosts_agents) {
    fmt::print(out,
               "\nEach may play in a process of its own (isolation = \"process\"), and so may any "
               "program (command = [...]).\n");
  }
  if (type.hosts_agent_plugins) {
    fmt::print(out, "Shared libraries may have more types (plugin = \"./libmyagent.so\").\n");
  }
  if (type.tables.empty()) return;
  fmt::print(out, "\nTables of one world's course, for joust replay --trace: {}\n",
             fmt::join(type.tables, ", "));
}

void write_list(const WorldRegistry& worlds, std::ostream& out) {
  std::size_t width = 0;
  for (const auto& type : worlds.types()) width = std::max(width, type->name.size());
  for (const auto& type : worlds.types()) {
    fmt::print(out, "{:<{}}  {}\n", type->name, width, type->summary);
  }
  fmt::print(out, "\n'joust worlds NAME' shows a world's parameters and competitor types.\n");
}

Json json_of(const std::vector<ParameterInfo>& parameters) {
  Json list = Json::array();
  for (const ParameterInfo& info : parameters) {
    list.push_back({{"name", info.name},
                    {"kind", kind_name(info.kind)},
                    {"default", spec::default_text(info)},
                    {"unit", info.unit},
                    {"limits", spec::limits_text(info)},
                    {"summary", info.summary}});
  }
  return list;
}

Json json_of(const std::vector<CompetitorType>& types) {
  Json list = Json::array();
  for (const CompetitorType& type : types) {
    list.push_back(
        {{"name", type.name}, {"summary", type.summary}, {"parameters", json_of(type.parameters)}});
  }
  return list;
}

Json json_of(const WorldType& type) {
  return {{"name", type.name},
          {"summary", type.summary},
          {"min_seats", type.min_seats},
          {"max_seats", type.max_seats},
          {"default_seats", type.default_seats},
          {"hosts_agents", type.hosts_agents},
          {"tables", type.tables},
          {"hosts_agent_plugins", type.hosts_agent_plugins},
          {"parameters", json_of(type.parameters)},
          {"competitor_types", json_of(type.competitor_types)}};
}

void write_json_list(const WorldRegistry& worlds, std::ostream& out) {
  Json list = Json::array();
  for (const auto& type : worlds.types()) list.push_back(json_of(*type));
  out << list.dump(2) << '\n';
}

void show_world(const WorldType& type, bool json, std::ostream& out) {
  if (json) {
    out << json_of(type).dump(2) << '\n';
  } else {
    write_world(type, out);
  }
}

void show_agents(const std::vector<CompetitorType>& types, bool json, std::ostream& out) {
  if (json) {
    out << Json{{"competitor_types", json_of(types)}}.dump(2) << '\n';
    return;
  }
  fmt::print(out,
             "Agents, for [[competitor]] beside plugin; their own parameters go to "
             "[competitor.parameters]:\n");
  write_types(types, out);
}

// No world's name has a slash.
bool is_library(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".so");
}

int show_library(const WorldRegistry& worlds, const std::string& library, bool json,
                 std::ostream& out, std::ostream& err) {
  try {
    const std::string description =
        spec::find_plugin(library, PluginExaminer::Kind::either, worlds, {}).description;
    if (describes_agents(description)) {
      show_agents(decode_agent_types(description), json, out);
    } else {
      show_world(decode_world_type(description), json, out);
    }
    return 0;
  } catch (const std::runtime_error& error) {  // a PluginError, or what cannot be decoded
    fmt::print(err, "joust: plugin '{}' {}\n", library, error.what());
    return kBadInput;
  }
}

}  // namespace

int worlds_command(const WorldRegistry& worlds, const std::string& name, bool json,
                   std::ostream& out, std::ostream& err) {
  if (name.empty()) {
    json ? write_json_list(worlds, out) : write_list(worlds, out);
    return 0;
  }
  if (is_library(name)) return show_library(worlds, name, json, out, err);
  const WorldType* type = worlds.find(name);
  if (type == nullptr) {
    fmt::print(err, "joust: there is no world '{}'{}\n", name,
               spec::suggestion(name, worlds.names()));
    return kBadInput;
  }
  show_world(*type, json, out);
  return 0;
}

}  // namespace joust::cli
