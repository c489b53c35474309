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

}  // namespace

int describe_plugin(const std::string& library) {
  return report([&] {
    tell(PluginNote::stage, "it was loaded");
    const joust_plugin& plugin = worlds::plugin::load(library);
    tell(PluginNote::stage, "its declaration was read");
    const WorldType type = worlds::plugin::declared_type(plugin);
    std::string description;
    try {
      description = encode_world_type(type);
    } catch (const std::runtime_error& error) {
      throw PluginError(std::string("cannot be described: ") + error.what());
    }
    tell(PluginNote::description, description.c_str());
  });
}

int check_plugin() {
  return report([] {
    const WorkerBrief brief = decode_brief(read_whole_file("/dev/stdin").value_or(""));
    tell(PluginNote::stage, "it was loaded");
    worlds::plugin::load(brief.setup.plugin);
    tell(PluginNote::stage, "its world was made");
    std::unique_ptr<World> world = plugin_world().make(brief.setup);
    tell(PluginNote::stage, "its world was destroyed");
    world.reset();
    tell(PluginNote::passed, "");
  });
}

}  // namespace joust::worker
