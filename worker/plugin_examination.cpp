#include "worker/plugin_examination.hpp"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iterator>

#include "common/plugin_examiner.hpp"
#include "common/plugin_report.hpp"
#include "common/tournament.hpp"
#include "common/whole_file.hpp"
#include "common/world_description.hpp"
#include "common/world_registry.hpp"
#include "worker/worlds/plugin/declaration.hpp"
#include "worker/worlds/plugin/library.hpp"

namespace joust::worker {
namespace {

void tell(PluginNote note, const char* text) {
  std::string message(1, static_cast<char>(note));
  message += text;
  message += '\0';
  for (std::size_t written = 0; written < message.size();) {
    const ssize_t count =
        ::write(kPluginReportFd, message.data() + written, message.size() - written);
    if (count <= 0) return;  // nobody listens any more
    written += static_cast<std::size_t>(count);
  }
}

// Tells how `look` ends. The plugin's exit handlers run after that, as in a worker.
template <class Look>
int report(Look look) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // the last words before a crash
  try {
    look();
    return 0;
  } catch (const PluginError& error) {
    tell(PluginNote::fault, error.what());
  } catch (const std::exception& error) {
    tell(PluginNote::fault, (std::string("cannot make a world: ") + error.what()).c_str());
  } catch (...) {
    tell(PluginNote::fault, "lets an exception out that is not a std::exception");
  }
  return 1;
}

constexpr const char* kReading = "its declaration was read";

template <class Encode>
std::string described(Encode encode) {
  try {
    return encode();
  } catch (const std::runtime_error& error) {
    throw PluginError(std::string("cannot be described: ") + error.what());
  }
}

std::string description_of_world(const std::string& library) {
  const joust_plugin& plugin = worlds::plugin::load(library);
  tell(PluginNote::stage, kReading);
  const WorldType type = worlds::plugin::declared_type(plugin);
  return described([&] { return encode_world_type(type); });
}

std::string description_of_agents(const std::string& library) {
  const joust_agents& agents = worlds::plugin::load_agents(library);
  tell(PluginNote::stage, kReading);
  std::vector<CompetitorType> types;
  for (auto& agent : worlds::plugin::declared_agents(agents)) {
    types.push_back(std::move(agent.declared));
  }
  return described([&] { return encode_agent_types(types); });
}

void check_agents(const WorldSetup& setup) {
  tell(PluginNote::stage, "its agent was made");
  try {
    plugin_world().make(setup);
  } catch (const SetupError& error) {
    throw PluginError(std::string("cannot make an agent: ") + error.what());
  }
}

void check_world(const WorldSetup& setup) {
  worlds::plugin::load(setup.plugin);
  tell(PluginNote::stage, "its world was made");
  std::unique_ptr<World> world = plugin_world().make(setup);
  tell(PluginNote::stage, "its world was destroyed");
  world.reset();
}

}  // namespace

int describe_plugin(std::string_view kind, const std::string& library) {
  return report([&] {
    tell(PluginNote::stage, "it was loaded");
    const bool has_agents =
        kind == "agents" || (kind == "either" && worlds::plugin::has_agents_only(library));
    tell(PluginNote::description,
         (has_agents ? description_of_agents(library) : description_of_world(library)).c_str());
  });
}

int check_plugin() {
  return report([] {
    const WorkerBrief brief = decode_brief(read_whole_file("/dev/stdin").value_or(""));
    tell(PluginNote::stage, "it was loaded");
    brief.setup.plugin.empty() ? check_agents(brief.setup) : check_world(brief.setup);
    tell(PluginNote::passed, "");
  });
}

}  // namespace joust::worker
