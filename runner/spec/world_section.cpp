#include "runner/spec/world_section.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "runner/spec/command_world.hpp"
#include "runner/spec/plugin_world.hpp"
#include "runner/spec/schema.hpp"
#include "runner/spec/values.hpp"

namespace joust::spec {
namespace {

enum class Kind { native, command, plugin };

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"native", "command", "plugin"};
  return kNames[static_cast<std::size_t>(kind)];
}

// The keys that only this kind has, but for `env` of a command, which is a table.
std::vector<KeyInfo> keys_of(Kind kind) {
  switch (kind) {
    case Kind::native:
      return {name_key()};
    case Kind::command:
      return command_keys();
    case Kind::plugin:
      return {plugin_key()};
  }
  return {};
}

std::vector<std::string> names_of(Kind kind) {
  std::vector<std::string> names;
  for (const KeyInfo& key : keys_of(kind)) names.push_back(key.value.name);
  if (kind == Kind::command) names.emplace_back("env");
  return names;
}

// As `kind` says; without it, a plugin is understood where one is named.
Kind read_kind(const Section& section, InputFiles& files, Resolved& own) {
  section.read(kind_key(), files, own);
  if (section.find("kind") == nullptr && section.find("plugin") != nullptr) {
    own.keys.back().value = "\"plugin\"";
    own.keys.back().is_default = false;
    return Kind::plugin;
  }
  const std::string given = own.values.get<std::string>("kind");
  if (given == name_of(Kind::command)) return Kind::command;
  return given == name_of(Kind::plugin) ? Kind::plugin : Kind::native;
}

// A key of another kind of world is no typing mistake.
void reject_other_kinds(const Section& section, Kind kind) {
  for (const Kind other : {Kind::native, Kind::command, Kind::plugin}) {
    if (other == kind) continue;
    for (const std::string& key : names_of(other)) {
      const Entry* entry = section.find(key);
      if (entry == nullptr) continue;
      section.fail(entry->at, fmt::format("'{}' in {} goes with kind = \"{}\" only", key,
                                          section.title(), name_of(other)));
    }
  }
}

Resolved read_own(const Section& section, Kind kind, Resolved own, InputFiles& files) {
  std::vector<KeyInfo> keys = keys_of(kind);
  const std::vector<KeyInfo> common = world_keys();
  keys.insert(keys.end(), common.begin(), common.end());
  std::vector<std::string> also_known = {"kind", "parameters"};
  if (kind == Kind::command) also_known.emplace_back("env");
  Resolved rest = section.read_all(keys, files, also_known);
  for (const auto& [name, value] : rest.values.values()) own.values.set(name, value);
  std::move(rest.keys.begin(), rest.keys.end(), std::back_inserter(own.keys));
  return own;
}

const WorldType& find_world(const Section& section, const std::string& name,
                            const WorldRegistry& worlds) {
  const WorldType* type = worlds.find(name);
  if (type != nullptr) return *type;
  std::string hint = suggestion(name, worlds.names());
  if (hint.empty()) hint = "; 'joust worlds' lists them";
  section.fail(section.value_at("name"), fmt::format("there is no world '{}'{}", name, hint));
}

// One of the registered types, which a native world's name must not reach by another kind's.
WorldType registered_type(const Section& section, Kind kind, const Resolved& own,
                          const WorldRegistry& worlds) {
  if (kind == Kind::command) return find_world(section, "command", worlds);
  const std::string name = own.values.get<std::string>("name");
  const WorldType& type = find_world(section, name, worlds);
  if (type.is_open) {
    section.fail(section.value_at("name"),
                 fmt::format("write kind = \"{}\" instead of the name", name));
  }
  return type;
}

}  // namespace

WorldPart load_world(const Section& section, const Parameters& workers, const WorldRegistry& worlds,
                     InputFiles& files) {
  WorldPart part;
  Resolved own;
  const Kind kind = read_kind(section, files, own);
  reject_other_kinds(section, kind);
  part.own = read_own(section, kind, std::move(own), files);
  if (kind == Kind::plugin) {
    Plugin plugin = load_plugin(section, workers, worlds, files, part.own);
    part.type = std::move(plugin.type);
    part.plugin = std::move(plugin.library);
  } else {
    part.type = registered_type(section, kind, part.own, worlds);
  }
  const Section parameters = section.child("parameters", "[world.parameters]");
  part.parameters = part.type.is_open
                        ? read_open_parameters(parameters, "world.parameters.")
                        : parameters.read_all(parameter_keys(part.type.parameters), files);
  return part;
}

void check_setup(const Section& section, const WorldPart& world, const Parameters& workers,
                 const WorldRegistry& worlds, const Tournament& tournament, bool is_recorded) {
  if (!world.plugin.empty()) {
    if (!is_recorded) check_plugin(section, workers, worlds, tournament);
    return;
  }
  // Those of shared libraries are made elsewhere.
  WorldSetup own = tournament.setup;
  std::erase_if(own.competitors, [](const Competitor& each) { return !each.plugin.empty(); });
  try {
    world.type.make(own);
  } catch (const SetupError& error) {
    section.fail(section.value_at("name"), error.what());
  }
}

}  // namespace joust::spec
