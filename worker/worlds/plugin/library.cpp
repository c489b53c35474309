#include "worker/worlds/plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "common/plugin_examiner.hpp"

namespace joust::worlds::plugin {
namespace {

// What a library may be, and how it says so.
struct Interface {
  const char* entry;   // its function
  const char* macro;   // what defines that
  const char* header;  // in which
  const char* plain;   // or the header of the interface itself
  const char* table;   // the struct that the function returns
  std::uint32_t version;
  std::size_t table_size;
};

constexpr Interface kWorld = {.entry = "joust_plugin_entry",
                              .macro = "JOUST_PLUGIN(YourWorld)",
                              .header = "joust/world.hpp",
                              .plain = "joust/plugin.h",
                              .table = "joust_plugin",
                              .version = JOUST_PLUGIN_ABI,
                              .table_size = sizeof(joust_plugin)};
constexpr Interface kAgents = {.entry = "joust_agents_entry",
                               .macro = "JOUST_AGENTS(YourAgent)",
                               .header = "joust/agent.hpp",
                               .plain = "joust/agents.h",
                               .table = "joust_agents",
                               .version = JOUST_AGENTS_ABI,
                               .table_size = sizeof(joust_agents)};

void* open(const std::string& path) {
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr) return library;
  const char* text = ::dlerror();
  throw PluginError(std::string("cannot be loaded: ") +
                    (text != nullptr ? text : "for no known reason"));
}

void* entry_of(void* library, const Interface& wanted) {
  void* const symbol = ::dlsym(library, wanted.entry);
  if (symbol != nullptr) return symbol;
  const Interface& other = &wanted == &kWorld ? kAgents : kWorld;
  const bool is_other = ::dlsym(library, other.entry) != nullptr;
  throw PluginError(fmt::format(
      "has no symbol '{}': {}write {} in one of its sources ({}), or define that function ({})",
      wanted.entry,
      is_other ? (&other == &kAgents ? "it has agents, which [[competitor]] names. For a world, "
                                     : "it is a world, which [world] names. For agents, ")
               : "",
      wanted.macro, wanted.header, wanted.plain));
}

// Only the first field has its place in every version.
template <class T>
const T& table_of(void* library, const Interface& wanted) {
  const T* const table = reinterpret_cast<const T* (*)()>(entry_of(library, wanted))();
  if (table == nullptr) {
    throw PluginError(fmt::format("returned null from its function '{}'", wanted.entry));
  }
  if (table->abi_version != wanted.version) {
    throw PluginError(fmt::format(
        "was built for version {} of joust's plugin interface, and joust {} has version {}: build "
        "it again with the header that is installed with this joust",
        table->abi_version, JOUST_VERSION, wanted.version));
  }
  if (table->struct_size < wanted.table_size) {
    throw PluginError(fmt::format(
        "says that its struct {} has {} bytes; that of version {} has {}: "
        "set struct_size to sizeof(struct {})",
        wanted.table, table->struct_size, wanted.version, wanted.table_size, wanted.table));
  }
  if (table->trouble != nullptr) {
    throw PluginError(fmt::format("cannot be used, as it says: {}", table->trouble));
  }
  return *table;
}

}  // namespace

const joust_plugin& load(const std::string& path) {
  const auto& plugin = table_of<joust_plugin>(open(path), kWorld);
  if (plugin.create == nullptr || plugin.play == nullptr || plugin.destroy == nullptr) {
    throw PluginError("lacks one of its functions create, play and destroy");
  }
  return plugin;
}

const joust_agents& load_agents(const std::string& path) {
  return table_of<joust_agents>(open(path), kAgents);
}

bool has_agents_only(const std::string& path) {
  void* const library = open(path);
  return ::dlsym(library, kWorld.entry) == nullptr && ::dlsym(library, kAgents.entry) != nullptr;
}

}  // namespace joust::worlds::plugin
