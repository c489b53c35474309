#include "runner/spec/agent_plugins.hpp"

#include <fmt/format.h>

#include "common/world_description.hpp"

namespace joust::spec {
namespace {

// Beside the spec in a run directory, after the competitor's prefix: what its library declared, and
// the hash of the file.
constexpr const char* kDescriptionInput = "plugin";
constexpr const char* kFilesInput = "files";

}  // namespace

KeyInfo agent_plugin_key() {
  KeyInfo key;
  key.value.name = "plugin";
  key.value.kind = ParameterKind::text;
  key.value.default_value = std::string();
  key.value.summary = "the shared library that has its type";
  return key;  // what decides results is its content
}

bool names_plugin(const Section& competitor) { return competitor.find("plugin") != nullptr; }

void AgentPlugins::require_host(const Section& section) const {
  if (world_.hosts_agent_plugins) return;
  std::vector<std::string> hosts;
  for (const auto& type : worlds_.types()) {
    if (type->hosts_agent_plugins) hosts.push_back(type->name);
  }
  section.fail(section.find("plugin")->at,
               fmt::format("the world {} plays no agents of shared libraries; worlds that do: {}",
                           world_.name, fmt::join(hosts, ", ")));
}

AgentPlugin AgentPlugins::load(const Section& section, const std::string& prefix, Resolved& into) {
  require_host(section);
  section.read(agent_plugin_key(), files_, into);
  const std::string given = plugin_in(section);
  PluginFile file;
  AgentPlugin plugin;
  try {
    if (files_.recorded) {
      file = recorded_plugin(*files_.recorded, prefix + kDescriptionInput, prefix + kFilesInput);
    } else {
      const auto [found, is_new] = seen_.try_emplace(given);
      if (is_new) {
        found->second = find_plugin(files_.folder / given, PluginExaminer::Kind::agents, worlds_,
                                    allowance_of(workers_));
      }
      file = found->second;
    }
    plugin.types = decode_agent_types(file.description);
  } catch (const PluginError& error) {
    fail_plugin(section, error.what());
  } catch (const std::runtime_error& error) {
    fail_plugin(section, fmt::format("cannot be described: {}", error.what()));
  }
  plugin.library = file.library;
  into.keys.push_back({prefix + kFilesInput, file.record.substr(0, file.record.find(' ')), false,
                       true, file.library});
  files_.contents[prefix + kDescriptionInput] = std::move(file.description);
  files_.contents[prefix + kFilesInput] = std::move(file.record);
  return plugin;
}

// One by one, so that an error has its place; and in the process that looks at it, also where it
// will have one of its own.
void check_agent_plugins(const Document& document, const std::vector<PluginPlace>& places,
                         const Parameters& workers, const WorldRegistry& worlds,
                         const Tournament& tournament) {
  for (const PluginPlace& place : places) {
    WorldSetup setup = tournament.setup;
    setup.competitors = {tournament.setup.competitors.at(place.competitor)};
    setup.competitors.front().agent = {};
    try {
      examiner_in(worlds).check(encode_brief({tournament.shape, setup}), allowance_of(workers));
    } catch (const PluginError& error) {
      document.fail(place.at,
                    fmt::format("[[competitor]] plugin '{}' {}", place.given, error.what()));
    }
  }
}

}  // namespace joust::spec
