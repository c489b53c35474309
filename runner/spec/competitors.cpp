#include "runner/spec/competitors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "runner/spec/agents.hpp"
#include "runner/spec/command_world.hpp"
#include "runner/spec/names.hpp"
#include "runner/spec/schema.hpp"
#include "runner/spec/values.hpp"

namespace joust::spec {
namespace {

using NamesSeen = std::map<std::string, Position, std::less<>>;

const KeyInfo& type_key() {
  static const KeyInfo key = [] {
    KeyInfo info;
    info.value.name = "type";
    info.value.kind = ParameterKind::text;
    info.value.default_value = std::string();
    info.value.summary = "one of the world's competitor types";
    info.required = true;
    info.decides_results = true;
    return info;
  }();
  return key;
}

// Where a competitor's type is looked for.
struct TypeSource {
  const std::vector<CompetitorType>& types;
  std::string owner;   // in words
  std::string listed;  // what 'joust worlds' is given to list them
};

TypeSource types_of(const WorldType& world) {
  const bool is_plugin = world.make == nullptr;
  return {world.competitor_types, "the world " + world.name, is_plugin ? "LIBRARY" : world.name};
}

const CompetitorType& find_type(const Section& section, const TypeSource& source,
                                const std::string& name) {
  const std::vector<CompetitorType>& types = source.types;
  const auto found = std::find_if(types.begin(), types.end(), [&name](const CompetitorType& type) {
    return type.name == name;
  });
  if (found != types.end()) return *found;
  std::vector<std::string> names;
  names.reserve(types.size());
  for (const CompetitorType& type : types) names.push_back(type.name);
  std::string hint = suggestion(name, names);
  if (hint.empty()) hint = fmt::format("; 'joust worlds {}' lists them", source.listed);
  section.fail(section.value_at("type"),
               fmt::format("{} has no competitor type '{}'{}", source.owner, name, hint));
}

// Any text that can stand in a table.
void require_open_type(const Section& section, const std::string& type) {
  constexpr std::size_t kLongest = 256;
  const bool has_control = std::any_of(type.begin(), type.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (!type.empty() && type.size() <= kLongest && !has_control) return;
  section.fail(
      section.value_at("type"),
      fmt::format("'type' in {} must be a text of 1 to {} bytes without control characters",
                  section.title(), kLongest));
}

// The name given, or else the type's.
std::string name_of(const Section& section, const std::string& type) {
  const Entry* entry = section.find("name");
  if (entry == nullptr) return type;
  const auto* name = std::get_if<std::string>(&entry->value.value);
  if (name == nullptr) section.fail_value(*entry, "a text in quotes");
  const std::string fault = competitor_name_fault(*name);
  if (!fault.empty()) {
    section.fail(entry->value.at,
                 fmt::format("{} cannot name a competitor: {}", show(entry->value), fault));
  }
  return *name;
}

void reject_repeated(const Section& section, const std::string& name, NamesSeen& seen) {
  const Position at = section.value_at("name");
  const auto [first, is_new] = seen.emplace(name, at);
  if (is_new) return;
  section.fail(at, fmt::format("there is already a competitor named '{}' (line {}); give one of "
                               "them another 'name'",
                               name, first->second.line));
}

// What the competitor's type is for a program that is named by its command.
constexpr const char* kProgramType = "program";

KeyInfo type_key_of(bool is_program) {
  KeyInfo key = type_key();
  if (!is_program) return key;
  key.required = false;
  key.value.default_value = std::string(kProgramType);
  return key;
}

// Its type can be no name: there may be several programs.
void require_name(const Section& section) {
  if (section.find("name") != nullptr || section.find("type") != nullptr) return;
  section.fail(
      section.value_at("command"),
      fmt::format("{} needs a 'name' where its 'command' says what plays", section.title()));
}

void reject_unknown(const Section& section) {
  std::vector<std::string> known = agent_key_names();
  known.insert(known.begin(), {"type", "name", "parameters", "plugin"});
  section.reject_unknown(known);
  if (!has_own_program(section) || !names_plugin(section)) return;
  section.fail(section.find("plugin")->at,
               fmt::format("'plugin' and 'command' in {} do not go together: the agent is in a "
                           "library or is a program",
                           section.title()));
}

// What the competitors of a spec are read with.
struct Loading {
  const Document& document;
  const WorldType& world;
  InputFiles& files;
  AgentPlugins plugins;
  NamesSeen seen = {};
};

// The parameters that the competitor may have are its type's, which its library may declare.
const std::vector<ParameterInfo>& declared_for(const Section& section, const WorldType& world,
                                               const AgentPlugin* plugin, const std::string& type) {
  if (plugin == nullptr) return find_type(section, types_of(world), type).parameters;
  return find_type(section, {plugin->types, "the plugin " + plugin->library, plugin->library}, type)
      .parameters;
}

Competitor load_competitor(Loading& with, const Node& node, std::vector<ResolvedKey>& keys) {
  const Section unnamed(with.document, "[[competitor]]", "", node);
  reject_unknown(unnamed);
  const bool is_program = has_own_program(unnamed);
  if (is_program) require_name(unnamed);
  const bool has_plugin = names_plugin(unnamed);
  const bool is_open = (with.world.is_open && !has_plugin) || is_program;
  const KeyInfo type = type_key_of(is_program);
  Resolved given;
  unnamed.read(type, with.files, given);
  Competitor competitor;
  competitor.type = given.values.get<std::string>("type");
  if (is_open) {
    require_open_type(unnamed, competitor.type);
  } else if (!has_plugin) {
    find_type(unnamed, types_of(with.world), competitor.type);
  }
  competitor.name = name_of(unnamed, competitor.type);
  reject_repeated(unnamed, competitor.name, with.seen);

  const std::string prefix = fmt::format("competitor.{}.", dotted_key_part(competitor.name));
  const Section named(with.document, "[[competitor]]", prefix, node);
  Resolved own;
  named.read(type, with.files, own);
  std::optional<AgentPlugin> plugin;
  if (has_plugin) {
    plugin = with.plugins.load(named, prefix, own);
    competitor.plugin = plugin->library;
  }
  competitor.agent = load_agent(named, prefix, with.world, with.files, own);
  const Section table =
      named.child("parameters", fmt::format("[competitor.parameters] of '{}'", competitor.name));
  Resolved parameters =
      is_open
          ? read_open_parameters(table, prefix + "parameters.")
          : table.read_all(parameter_keys(declared_for(
                               unnamed, with.world, plugin ? &*plugin : nullptr, competitor.type)),
                           with.files);
  competitor.parameters = std::move(parameters.values);
  std::move(own.keys.begin(), own.keys.end(), std::back_inserter(keys));
  std::move(parameters.keys.begin(), parameters.keys.end(), std::back_inserter(keys));
  return competitor;
}

// Their order decides who sits where and so the results: it is a key of its own.
ResolvedKey order_key(const std::vector<Competitor>& competitors) {
  ParameterInfo list;
  list.kind = ParameterKind::text_list;
  std::vector<std::string> names;
  names.reserve(competitors.size());
  for (const Competitor& competitor : competitors) names.push_back(competitor.name);
  return {"competitors", to_text(list, names), false, true, "in this order"};
}

}  // namespace

CompetitorList load_competitors(const Document& document, const WorldType& world,
                                const Parameters& workers, const WorldRegistry& worlds,
                                InputFiles& files) {
  const Entry* entry = find(document.root(), "competitor");
  if (entry == nullptr) document.fail({}, "no competitors: add a [[competitor]] for each");
  const auto* nodes = std::get_if<Array>(&entry->value.value);
  if (nodes == nullptr) {
    document.fail(entry->at, "write [[competitor]], in double brackets, once per competitor");
  }
  if (nodes->empty()) document.fail(entry->at, "no competitors: add a [[competitor]] for each");
  if (nodes->size() > kMostCompetitors) {
    document.fail(nodes->at(kMostCompetitors).at,
                  fmt::format("{} competitors; the most is {}", nodes->size(), kMostCompetitors));
  }
  CompetitorList list;
  list.last = nodes->back().at;
  Loading with{document, world, files, AgentPlugins(workers, worlds, world, files)};
  for (const Node& node : *nodes) {
    list.competitors.push_back(load_competitor(with, node, list.keys));
    if (list.competitors.back().plugin.empty()) continue;
    const Section section(document, "[[competitor]]", "", node);
    list.plugins.push_back(
        {list.competitors.size() - 1, section.value_at("plugin"), plugin_in(section)});
  }
  list.keys.insert(list.keys.begin(), order_key(list.competitors));
  return list;
}

}  // namespace joust::spec
