#include "worker/worlds/plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "common/plugin_examiner.hpp"

namespace joust::worlds::plugin {
namespace {

constexpr const char* kEntry = "joust_plugin_entry";
using Entry = const joust_plugin* (*)();

std::string last_error() {
  const char* text = ::dlerror();
  return text != nullptr ? text : "for no known reason";
}

Entry entry_of(void* library) {
  void* const symbol = ::dlsym(library, kEntry);
  if (symbol == nullptr) {
    throw PluginError(
        fmt::format("has no symbol '{}': write JOUST_PLUGIN(YourWorld) in one of its sources "
                    "(joust/world.hpp), or define that function (joust/plugin.h)",
                    kEntry));
  }
  return reinterpret_cast<Entry>(symbol);
}

// Only the first field has its place in every version.
void require_version(const joust_plugin& plugin) {
  if (plugin.abi_version != JOUST_PLUGIN_ABI) {
    throw PluginError(fmt::format(
        "was built for version {} of joust's plugin interface, and joust {} has version {}: build "
        "it again with the header that is installed with this joust",
        plugin.abi_version, JOUST_VERSION, JOUST_PLUGIN_ABI));
  }
  if (plugin.struct_size < sizeof(joust_plugin)) {
    throw PluginError(
        fmt::format("says that its struct joust_plugin has {} bytes; that of version {} has {}: "
                    "set struct_size to sizeof(struct joust_plugin)",
                    plugin.struct_size, JOUST_PLUGIN_ABI, sizeof(joust_plugin)));
  }
}

}  // namespace

const joust_plugin& load(const std::string& path) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw PluginError("cannot be loaded: " + last_error());
  const joust_plugin* const plugin = entry_of(library)();
  if (plugin == nullptr) {
    throw PluginError(fmt::format("returned null from its function '{}'", kEntry));
  }
  require_version(*plugin);
  if (plugin->trouble != nullptr) {
    throw PluginError(fmt::format("cannot be used, as it says: {}", plugin->trouble));
  }
  if (plugin->create == nullptr || plugin->play == nullptr || plugin->destroy == nullptr) {
    throw PluginError("lacks one of its functions create, play and destroy");
  }
  return *plugin;
}

}  // namespace joust::worlds::plugin
