#include <fmt/format.h>

#include <cstdio>

#include "common/plugin_examiner.hpp"
#include "common/world_registry.hpp"
#include "worker/worlds/plugin/declaration.hpp"
#include "worker/worlds/plugin/host.hpp"
#include "worker/worlds/plugin/library.hpp"
#include "worker/worlds/plugin/plugin_agent.hpp"
#include "worker/worlds/plugin/setup_tables.hpp"
#include "worker/worlds/scml/scml_world.hpp"

namespace joust {
namespace worlds::plugin {
namespace {

constexpr const char* kNoText = "it did not say why";

// What create() is given: no world is played yet.
class NoPlay : public WorldContext {
 public:
  void progress(std::uint64_t, std::uint64_t) override {}
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return 1; }
  void log(std::string_view line) override {
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fputc('\n', stderr);
  }
};

class PluginWorld : public World {
 public:
  // REQUIRES: the setup is what the plugin declares, and outlives the world.
  PluginWorld(const joust_plugin& plugin, const WorldSetup& setup)
      : plugin_(plugin),
        setup_(setup),
        tables_(setup, declared_type(plugin)),
        resources_(setup.resources) {
    NoPlay context;
    ResultBuilder result({});
    Host host(resources_, context, result);
    world_ = plugin_.create(&tables_.setup(), host.functions());
    const std::optional<Host::Failure>& failure = host.failure();
    if (world_ != nullptr && !failure) return;
    if (world_ != nullptr) plugin_.destroy(world_);
    throw SetupError(failure && !failure->text.empty() ? failure->text : kNoText);
  }
  ~PluginWorld() override { plugin_.destroy(world_); }
  PluginWorld(const PluginWorld&) = delete;
  PluginWorld& operator=(const PluginWorld&) = delete;

  WorldResult play(const WorldTask& task, WorldContext& context) override {
    ResultBuilder result(agent_names(task));
    Host host(resources_, context, result);
    const joust_task given = {.struct_size = sizeof(joust_task),
                              .config = task.config,
                              .index = task.index,
                              .seed = task.seed,
                              .config_seed = task.config_seed,
                              .set = task.set,
                              .rotation = task.rotation,
                              .run = task.run,
                              .seats = task.seats.data(),
                              .seat_count = task.seats.size()};
    plugin_.play(world_, &given, host.functions());
    if (const std::optional<Host::Failure>& failure = host.failure()) {
      const std::string text = failure->text.empty() ? kNoText : failure->text;
      if (failure->seat != JOUST_NO_SEAT) throw CompetitorFault(failure->seat, text);
      throw WorldFailure(Cause::world_error, text);
    }
    return result.finish();
  }

 private:
  std::vector<std::string> agent_names(const WorldTask& task) const {
    std::vector<std::string> names;
    for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
      names.push_back(fmt::format("{}@{}", setup_.competitors.at(task.seats[seat]).name, seat));
    }
    return names;
  }

  const joust_plugin& plugin_;
  const WorldSetup& setup_;
  SetupTables tables_;
  Resources resources_;
  void* world_ = nullptr;
};

std::vector<scml::AgentType> load_agent_types(const std::string& library) {
  try {
    return agent_types_in(library);
  } catch (const PluginError& error) {
    throw SetupError(fmt::format("the plugin {} {}", library, error.what()));
  }
}

std::unique_ptr<World> make(const WorldSetup& setup) {
  if (setup.plugin.empty()) return scml::make_world(setup, load_agent_types);
  try {
    return std::make_unique<PluginWorld>(load(setup.plugin), setup);
  } catch (const PluginError& error) {
    throw SetupError(fmt::format("the plugin {} {}", setup.plugin, error.what()));
  }
}

}  // namespace
}  // namespace worlds::plugin

WorldType plugin_world() {
  WorldType type;
  type.name = kPluginWorld;
  type.summary = "A shared library, in C++ or C: plugin = \"./libmyworld.so\" instead of a name.";
  type.is_open = true;
  type.make = worlds::plugin::make;
  return type;
}

}  // namespace joust
